/**
 * `pnpm bench console`: console and portal at a million, in Chromium on the data of `pnpm demo --large`. Opens each page so many times
 * and prints what the browser tells of it; asks by itself whatever the pages asked of the API. Fails over the limits; ends with one JSON line.
 *
 * `--folder`, `--visits`, `--repeats`; the limits `--p95`, `--paint`, `--estimate` are milliseconds.
 */
import { parseArgs } from "node:util";
import { CHROMIUM_ARGS, chromiumPath } from "@upline/testing/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { buildPages, openPage, settled } from "../browser.ts";
import { keepAsked, timeAsked } from "./asked.ts";
import { type LargeHub, startLargeHub } from "./hub-half.ts";
import { figuresOf, observe, type PageFigures } from "./page-figures.ts";

const { values } = parseArgs({
  options: {
    folder: { type: "string", default: ".upline/large" },
    visits: { type: "string", default: "3" },
    repeats: { type: "string", default: "20" },
    p95: { type: "string", default: "100" },
    paint: { type: "string", default: "1000" },
    estimate: { type: "string", default: "1000" },
  },
});
const limits = { p95Ms: Number(values.p95), paintMs: Number(values.paint), estimateMs: Number(values.estimate) };
/** What computes a part of the tree as a close would: it has a limit of its own. */
const ESTIMATES = /\/api\/portal\/(standing|highlights)/;

interface Visited {
  readonly name: string;
  readonly figures: PageFigures;
  readonly api: readonly { readonly path: string; readonly firstMs: number; readonly p95Ms: number }[];
}

const NONE: PageFigures = { paintMs: 0, largestMs: 0, shift: 0, inputMs: 0 };
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const executablePath = chromiumPath();
if (executablePath === null) throw new Error("This needs Chromium: name it in UPLINE_CHROMIUM.");
await buildPages();
const hub = await startLargeHub(values.folder);
const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
try {
  report(hub, [...(await visitConsole(browser, hub)), ...(await visitPortal(browser, hub))]);
} finally {
  await browser.close();
  await hub.stop();
}

async function visitConsole(browser: Browser, { url, seats, sample }: LargeHub): Promise<Visited[]> {
  const page = await signIn(browser, { address: `${url}/console`, email: seats.owner, password: seats.password, width: 1440 });
  const { orderId, entry, earnerId } = sample;
  const paths = {
    overview: "",
    orders: "orders",
    "orders of one distributor": `orders?distributor=${seats.sellerId}`,
    order: `orders/${orderId}`,
    "the cent": `orders/${orderId}/${encodeURIComponent(entry)}`,
    "network, opened": `network?chosen=${seats.sellerId}`,
    "network from the top": "network?chosen=100001",
    ledger: `ledger?distributor_id=${earnerId}`,
    balances: "ledger/balances",
    commissions: "ledger/commissions",
    skus: "skus",
    "map of skus": "skus/map",
    stores: "stores",
    deliveries: "deliveries",
    referrals: "referrals",
    plans: "plans",
    periods: "periods",
    "a closed period": "periods/1",
    questions: "questions",
    people: "settings/people",
    jobs: "settings/jobs",
    audit: "settings/audit",
  };
  const visited = await visitAll(page, `${url}/console`, paths);
  const searched = ["1001", "#1001", "maya", "SHOP4", "Ortiz", "zzqqxx"].map((q) => `/api/search?q=${encodeURIComponent(q)}`);
  return [...visited, { name: "search", figures: NONE, api: await timeAlso(page, url, searched) }];
}

async function visitPortal(browser: Browser, { url, seats }: LargeHub): Promise<Visited[]> {
  const page = await signIn(browser, { address: `${url}/portal`, email: seats.seller, password: seats.password, width: 390 });
  const paths = {
    "portal: home": "",
    "portal: rank": "rank",
    "portal: downline": "team",
    "portal: earnings": "earnings",
    "portal: orders": "orders",
    "portal: share": "share",
    "portal: materials": "materials",
    "portal: me": "me",
  };
  return visitAll(page, `${url}/portal`, paths);
}

async function signIn(
  browser: Browser,
  { address, email, password, width }: { address: string; email: string; password: string; width: number },
): Promise<Page> {
  const page = await openPage(browser, { viewport: { width, height: 900 }, locale: "en" });
  await observe(page);
  await page.goto(address);
  await page.locator("input[type=email]").fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.keyboard.press("Enter");
  await page.locator("h1").first().waitFor();
  await settled(page);
  return page;
}

async function visitAll(page: Page, base: string, paths: Readonly<Record<string, string>>): Promise<Visited[]> {
  const asked = keepAsked(page);
  const all: Visited[] = [];
  for (const [name, path] of Object.entries(paths)) {
    const visits: PageFigures[] = [];
    for (let visit = 0; visit < Number(values.visits); visit++) {
      await page.goto(`${base}/${path}`);
      await page.locator("h1").first().waitFor();
      await settled(page);
      const closed = page.locator("[aria-expanded=false] .tree-toggle").first();
      if (visit === 0 && (await closed.count()) > 0) {
        await closed.click();
        await settled(page);
      }
      visits.push(await figuresOf(page));
    }
    const api = [];
    for (const each of await asked()) {
      const timed = await timeAsked(each, Number(values.repeats));
      const { pathname, search } = new URL(each.url);
      api.push({ path: `${pathname}${search}`, ...timed });
    }
    all.push({ name, figures: medianOf(visits), api });
    process.stderr.write(`… ${name}\n`);
  }
  return all;
}

/** Questions that are typed rather than opened, asked as the page's own would be. */
async function timeAlso(page: Page, url: string, paths: readonly string[]): Promise<Visited["api"]> {
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const api = [];
  for (const path of paths)
    api.push({ path, ...(await timeAsked({ url: `${url}${path}`, headers: { cookie: cookies } }, Number(values.repeats))) });
  return api;
}

function medianOf(visits: readonly PageFigures[]): PageFigures {
  const of = (name: keyof PageFigures) =>
    visits.map((visit) => visit[name]).toSorted((a, b) => a - b)[Math.floor(visits.length / 2)] ?? 0;
  return { paintMs: of("paintMs"), largestMs: of("largestMs"), shift: of("shift"), inputMs: of("inputMs") };
}

function report({ seats }: LargeHub, visited: readonly Visited[]): void {
  const show = (...texts: readonly (string | number)[]) => texts.map((text) => String(text).padStart(8)).join("");
  const whole = Math.round;
  say(
    `${show("paint", "largest", "shift", "input")}  ms, median of ${values.visits} visits; below it what it asks, first and p95`,
  );
  for (const { name, figures, api } of visited) {
    const { paintMs, largestMs, shift, inputMs } = figures;
    say(`${show(whole(paintMs), whole(largestMs), shift.toFixed(3), whole(inputMs))}  ${name}`);
    for (const { path, firstMs, p95Ms } of api.toSorted((a, b) => b.p95Ms - a.p95Ms))
      say(`${" ".repeat(18)}${show(whole(firstMs), whole(p95Ms))}  ${path}`);
  }
  const all = visited.flatMap(({ api }) => api);
  const usual = all.filter(({ path }) => !ESTIMATES.test(path)).toSorted((a, b) => b.p95Ms - a.p95Ms);
  const estimates = all.filter(({ path }) => ESTIMATES.test(path));
  const most = (name: keyof PageFigures) => Math.max(...visited.map(({ figures }) => figures[name]));
  const estimateMs = Math.max(0, ...estimates.map(({ firstMs, p95Ms }) => Math.max(firstMs, p95Ms)));
  const over = [
    ...usual.filter(({ p95Ms }) => p95Ms > limits.p95Ms).map(({ path }) => path),
    ...visited.filter(({ figures }) => figures.paintMs > limits.paintMs).map(({ name }) => name),
    ...(estimateMs > limits.estimateMs ? ["the estimate"] : []),
  ];
  const line = {
    ...{ pages: visited.length - 1, questions: all.length, apiP95Ms: whole(usual[0]?.p95Ms ?? 0), slowest: usual[0]?.path },
    ...{ paintMs: whole(most("paintMs")), largestMs: whole(most("largestMs")), shift: Number(most("shift").toFixed(3)) },
    ...{ inputMs: whole(most("inputMs")), below: seats.below, estimateMs: whole(estimateMs), over },
  };
  say(JSON.stringify(line));
  process.exitCode = over.length === 0 ? 0 : 1;
}
