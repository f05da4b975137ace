import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { PATIENCE_MS } from "@upline/testing/chromium";
import type { Browser, BrowserContextOptions, Locator, Page, Request } from "playwright-core";
import { build } from "vite";

const CONSOLE = join(import.meta.dirname, "..");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let built: Promise<void> | undefined;

/** Builds what people get, once for all suites of a run. */
export function buildPages(): Promise<void> {
  built ??= buildOnce();
  return built;
}

/** A test's own environment would have the library's development build. */
async function buildOnce(): Promise<void> {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = "production";
  try {
    await build({ root: CONSOLE, logLevel: "error" });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

const QUIET_MS = 500;
const asking = new WeakMap<Page, { readonly open: Set<Request>; since: number }>();

/** A page of its own, of somebody who is not signed in; what it asks for is counted. */
export async function openPage(browser: Browser, looks: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(looks);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  watch(page);
  return page;
}

/** Keeps count of what a page asks for, from now on. */
function watch(page: Page): void {
  const state = { open: new Set<Request>(), since: performance.now() };
  const done = (request: Request) => {
    state.open.delete(request);
    state.since = performance.now();
  };
  // The stream of events never ends.
  page.on("request", (request) => !request.url().includes("/api/events") && state.open.add(request));
  page.on("requestfinished", done);
  page.on("requestfailed", done);
  asking.set(page, state);
}

/** Waits until a page has asked for nothing more for half a second. */
export async function settled(page: Page): Promise<void> {
  const state = asking.get(page);
  if (state === undefined) throw new Error("this page is not watched");
  const from = performance.now();
  await page.waitForLoadState("load");
  state.since = Math.max(state.since, from);
  while (state.open.size > 0 || performance.now() - state.since < QUIET_MS) {
    const urls = [...state.open].map((request) => request.url()).join(", ");
    if (performance.now() - from > PATIENCE_MS) throw new Error(`${page.url()} still waits for ${urls}`);
    await wait(50);
  }
}

const MOST_TABS = 400;

/** Moves the focus to something as people without a mouse do. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    if (await target.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tab key does not come to ${target}`);
}

/** What an address loads of the build before it is seen: bytes, gzipped, and how many files. */
export async function loadedBy(page: Page, url: string): Promise<{ readonly bytes: number; readonly files: number }> {
  const loaded = new Set<string>();
  page.on("request", (request) => request.url().includes("/assets/") && loaded.add(new URL(request.url()).pathname));
  await page.goto(url);
  await settled(page);
  const built = readdirSync(join(CONSOLE, "dist/assets"));
  const bytes = [...loaded]
    .map((path) => path.split("/").at(-1) ?? "")
    .filter((name) => built.includes(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(CONSOLE, "dist/assets", name))).length, 0);
  return { bytes, files: loaded.size };
}

/** A picture of the whole page, where a folder for pictures is named: to look at, and for the docs. */
export async function pictured(page: Page, name: string): Promise<void> {
  const folder = process.env.UPLINE_SCREENS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** What axe calls serious or critical, as its rule and the element. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // The page's policy lets no script of others in; the browser's own door does.
  await page.evaluate(AXE);
  return page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + " " + target.join(" "))))`);
}
