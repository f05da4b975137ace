/** `pnpm shopify:dev`: hub, app and stand-in with a company to look at, until it is stopped. Everything lies in `.upline/shopify`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStack, type Stack } from "./stack.ts";

const ROOT = join(import.meta.dirname, "../../..");
const dataDir = join(ROOT, ".upline/shopify");
const say = (text: string): void => void process.stdout.write(`${text}\n`);

say("Starting a PostgreSQL, the hub, the app (built first where it has changed) and the stand-in for Shopify …");
const stack = await openStack({ dataDir, ports: { standin: 4455, app: 4466, hub: 4477 } });
const key = await companyKey(stack);
const answer = await fetch(`${stack.hubUrl}/api/connection-codes`, {
  method: "POST",
  headers: { authorization: `Bearer ${key}` },
});
const { code } = (await answer.json()) as { code: string };
say(`
  Admin of the shop Greenleaf, with the app    ${stack.standin.url}/admin/greenleaf
  Its storefront, by a distributor's link      ${stack.standin.url}/shops/greenleaf.myshopify.com/?ref=ANNA77
  The hub's API                                ${stack.hubUrl}/docs
  The stand-in's own controls                  ${stack.standin.url}/control/shops (docs/shopify-standin.md)

  A company "Greenleaf" with five distributors and a plan is there. To connect the shop to it, install the app
  and paste this code, which works once:

    ${code}

  An API key of that company: ${key}
  Orders that you buy are forgotten by the stand-in when it stops; the hub keeps them. Stop with Ctrl+C.
`);
let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    say("Stopping …");
    void stack.stop().then(() => process.exit(0));
  });
}

/** The company is made once; its key lies beside the data. */
async function companyKey({ upline }: Stack): Promise<string> {
  const file = join(dataDir, "company.key");
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The first start.
  }
  const { DISTRIBUTORS, PLAN } = await import("./demo-company.ts");
  const written = (name: string, text: string): string => {
    writeFileSync(join(dataDir, name), text);
    return join(dataDir, name);
  };
  await upline("company", "create", "greenleaf-company", "--name", "Greenleaf");
  await upline("plan", "publish", written("plan.json", JSON.stringify(PLAN)), "--from", "2020-01-01");
  await upline("distributor", "import", written("distributors.csv", DISTRIBUTORS));
  const made = await upline("key", "create", "--name", "dev", "--scope", "admin", "--owner", "dev");
  const found = /upk_[\w-]+/.exec(made)?.[0];
  if (!found) throw new Error(`upline key create printed no key: ${made}`);
  writeFileSync(file, found, { mode: 0o600 });
  return found;
}
