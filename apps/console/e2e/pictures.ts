/**
 * Pictures of the pages for `docs/screens/`, of a demo of its own or of one that runs (`--url`, `--password`): as the owner and as a
 * distributor at a desk's width, a bit smaller than they are, with few colours by pngquant. Arguments are names; none means all.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CHROMIUM_ARGS, chromiumPath } from "@upline/testing/chromium";
import { type Browser, chromium } from "playwright-core";
import { buildPages, settled } from "./browser.ts";
import { type DemoHub, startDemo } from "./demo-hub.ts";
import { signIn } from "./signed-in.ts";

const FOLDER = join(import.meta.dirname, "../../../docs/screens");
const WIDTH = 1440;
/** What a picture is scaled to: it stands beside another in the docs. */
const SHOWN_WIDTH = 1100;

const CONSOLE: Readonly<Record<string, string>> = {
  "console-waiting": "network/waiting",
  "console-sku-map": "skus/map",
  "console-plans": "plans",
  "console-periods": "periods",
  "console-commissions": "ledger/commissions",
  "console-deliveries": "deliveries",
  "console-questions": "questions",
  "console-materials": "materials",
  "console-settings": "settings",
  "console-enrolment-settings": "settings/enrolment",
  "console-portal-settings": "settings/portal",
  "console-retention": "settings/retention",
  "console-jobs": "settings/jobs",
  "console-audit": "settings/audit",
};
const PORTAL: Readonly<Record<string, string>> = {
  "portal-orders-1440": "orders",
  "portal-share-1440": "share",
  "portal-person-1440": "team/D1048",
  "portal-materials-1440": "materials",
  "portal-me-1440": "me",
  "portal-questions-1440": "me/questions",
};

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { url: { type: "string" }, password: { type: "string" } },
});
const { url, password } = values;
const demo = url !== undefined && password !== undefined ? { url, password, stop: async () => {} } : await ownDemo();
const browser = await chromium.launch({ executablePath: chromiumPath() ?? "", args: [...CHROMIUM_ARGS] });
try {
  await takeAll(browser, demo, { role: "owner", base: "console", pages: CONSOLE });
  await takeAll(browser, demo, { role: "distributor", base: "portal", pages: PORTAL });
} finally {
  await browser.close();
  await demo.stop();
}

async function ownDemo(): Promise<DemoHub> {
  await buildPages();
  return startDemo();
}

interface Wanted {
  readonly role: "owner" | "distributor";
  readonly base: string;
  readonly pages: Readonly<Record<string, string>>;
}

async function takeAll(browser: Browser, demo: DemoHub, { role, base, pages }: Wanted): Promise<void> {
  const { page } = await signIn(browser, demo, { role, width: WIDTH, scale: SHOWN_WIDTH / WIDTH });
  for (const [name, path] of Object.entries(pages)) {
    if (names.length > 0 && !names.includes(name)) continue;
    await page.goto(`${demo.url}/${base}/${path}`);
    await page.locator("main#page h1").waitFor();
    await settled(page);
    const file = join(FOLDER, `${name}.png`);
    await page.screenshot({ path: file });
    execFileSync("pngquant", ["--force", "--ext", ".png", "--speed", "1", "64", file]);
    process.stdout.write(`${name}\n`);
  }
  await page.context().close();
}
