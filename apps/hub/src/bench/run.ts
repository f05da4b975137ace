/** `pnpm bench` measures cart to commission, `pnpm bench close` the close of a period. */
await (process.argv[2] === "close" ? import("./close.ts") : import("./main.ts"));
