/** `node standin/main.ts`: the stand-in by itself, for an app and a hub that somebody else starts. */
import { startStandin } from "./start.ts";

const { env } = process;
const standin = await startStandin({
  port: Number(env.STANDIN_PORT ?? 4455),
  apiKey: env.SHOPIFY_API_KEY ?? "standin-key",
  apiSecret: env.SHOPIFY_API_SECRET ?? "standin-secret",
  appUrl: env.SHOPIFY_APP_URL ?? "http://127.0.0.1:4466",
  hubUrl: env.UPLINE_HUB_URL ?? "http://127.0.0.1:8787",
});
for (const shop of standin.site.shops.values()) standin.site.install(shop.domain);
process.stdout.write(`${JSON.stringify({ url: standin.url, shops: [...standin.site.shops.keys()] })}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void standin.stop().then(() => process.exit(0)));
