/** `pnpm bench`: the hub beside PostgreSQL alone. `pnpm bench close`: the period's close of a million distributors; `close-database` with its rows, `close-load` beside orders. `pnpm bench directory`: a company's network into memory. `pnpm bench api`: every GET at a million. `pnpm bench overload`: memory under half-sent and large bodies. `pnpm bench redirects`: referral links a second. `pnpm bench console`: console and portal at a million, in a browser. `pnpm bench estimate`: a close now, of somebody with ten thousand below. */
const [which = "hub"] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const benches: Readonly<Record<string, string>> = {
  hub: "../apps/hub/src/bench/main.ts",
  api: "../apps/hub/src/bench/api/main.ts",
  overload: "../apps/hub/src/bench/overload.ts",
  close: "../packages/core/bench/close.ts",
  "close-database": "../apps/hub/src/bench/close.ts",
  directory: "../apps/hub/src/bench/directory.ts",
  "close-load": "../apps/hub/src/bench/close-load.ts",
  redirects: "../apps/hub/src/bench/redirects.ts",
  estimate: "../apps/hub/src/bench/estimate.ts",
  console: "../apps/console/e2e/bench/main.ts",
};
const path = benches[which];
if (path === undefined) {
  process.stderr.write(`There is no bench "${which}": say ${Object.keys(benches).join(" or ")}.\n`);
  process.exit(1);
}
// What follows the name is the bench's own.
process.argv = [...process.argv.slice(0, 2), ...process.argv.slice(2).filter((word) => word !== which)];
await import(path);
