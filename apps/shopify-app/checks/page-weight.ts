import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CHROMIUM_ARGS, chromiumPath } from "@upline/testing/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { NO_EMBED } from "../standin/embed.ts";
import { type Standin, startStandin } from "../standin/start.ts";
import { gid } from "../standin/wire.ts";

/**
 * What the embed costs a storefront: `pnpm --filter @upline/shopify-app page-weight`. A buyer who agreed to cookies lands on
 * a product by a referral link, on a phone four times slower than this machine, and puts it into the cart; with the embed and
 * without it by turns. The last line is one JSON object with the medians. Proxies: one browser, one theme, no field data.
 */

const VISITS = 7;
const CPU_SLOWDOWN = 4;
/** A slow 4G line, as Lighthouse draws it. */
const LINE = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 93_750 };
const DOMAIN = "greenleaf.myshopify.com";
const EMBED_SCRIPT = join(import.meta.dirname, "../extensions/theme-embed/assets/upline-referral.js");

interface Visit {
  readonly lcpMs: number;
  readonly cls: number;
  readonly inpMs: number;
  readonly blockedMs: number;
  readonly requests: number;
  readonly bytes: number;
}

/** Watches what the page's own visitors would feel; it runs before any script of the page. */
const WATCH = `window.felt = { lcp: 0, cls: 0, inp: 0, blocked: 0 };
const watch = (type, each, more) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...more });
watch("largest-contentful-paint", (entry) => { felt.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) felt.cls += entry.value; });
watch("event", (entry) => { if (entry.interactionId) felt.inp = Math.max(felt.inp, entry.duration); }, { durationThreshold: 16 });
watch("longtask", (entry) => { felt.blocked += entry.duration - 50; });`;

async function visit(browser: Browser, { url }: Standin, names: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  const consent = encodeURIComponent(JSON.stringify({ marketing: true, analytics: true, preferences: true, sale_of_data: true }));
  await context.addCookies([{ name: "_tracking_consent", value: consent, url }]);
  await context.addInitScript(WATCH);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", LINE);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  let [requests, bytes] = [0, 0];
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    requests += 1;
    bytes += encodedDataLength;
  });
  await page.goto(`${url}/shops/${DOMAIN}/products/green-tea?ref=ANNA77`);
  if (names !== "") await page.waitForSelector("#upline-supporter:not([hidden])");
  await page.waitForLoadState("networkidle");
  await page.click("#add");
  await page.waitForFunction('document.getElementById("cart-note")?.textContent !== ""');
  await page.waitForLoadState("networkidle");
  const felt = await feltOn(page);
  await context.close();
  return { ...felt, requests, bytes };
}

async function feltOn(page: Page): Promise<Omit<Visit, "requests" | "bytes">> {
  // Two frames later the browser has told of the last interaction.
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))");
  const felt: Record<"lcp" | "cls" | "inp" | "blocked", number> = await page.evaluate("felt");
  return { lcpMs: felt.lcp, cls: felt.cls, inpMs: felt.inp, blockedMs: felt.blocked };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function medians(visits: readonly Visit[]) {
  const of = (key: keyof Visit, digits = 0): number => Number(median(visits.map((entry) => entry[key])).toFixed(digits));
  return {
    ...{ lcp_ms: of("lcpMs"), cls: of("cls", 4), inp_ms: of("inpMs"), blocked_ms: of("blockedMs") },
    ...{ requests: of("requests"), bytes: of("bytes") },
  };
}

/** The app's answer to whose code this is, and the metafield that says where to ask. */
async function answerNames(standin: Standin): Promise<{ url: string; stop: () => void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "access-control-allow-origin": "*" });
    response.end('{"name":"Anna M."}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/names`;
  const shop = standin.site.shopOf(DOMAIN);
  const value = JSON.stringify({ parameter: "ref", window_days: 30, touch: "last", consent: "marketing", names_url: url });
  const ownerId = gid("AppInstallation", shop.id);
  shop.metafields.push({ id: shop.newId(), ownerId, namespace: "upline", key: "capture", type: "json", value });
  return { url, stop: () => server.close() };
}

async function measure(executablePath: string): Promise<Record<string, unknown>> {
  const settings = { apiKey: "key", apiSecret: "secret", appUrl: "http://127.0.0.1:9", hubUrl: "http://127.0.0.1:9" };
  const [plain, embedded] = [await startStandin({ ...settings, embed: NO_EMBED }), await startStandin(settings)];
  const names = await answerNames(embedded);
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
  try {
    const visits: Record<"without" | "with", Visit[]> = { without: [], with: [] };
    for (let round = 0; round <= VISITS; round += 1) {
      const [without, withIt] = [await visit(browser, plain, ""), await visit(browser, embedded, names.url)];
      // The first round warms the browser up.
      if (round === 0) continue;
      visits.without.push(without);
      visits.with.push(withIt);
    }
    const [without, withIt] = [medians(visits.without), medians(visits.with)];
    const script = readFileSync(EMBED_SCRIPT);
    const isGood = withIt.lcp_ms <= 2_500 && withIt.cls <= 0.1 && withIt.inp_ms <= 200;
    return {
      ok: isGood && script.length < 10_000,
      ...{ visits: VISITS, cpu_slowdown: CPU_SLOWDOWN, script_bytes: script.length, script_gzip_bytes: gzipSync(script).length },
      ...{ without, with: withIt },
      more: { bytes: withIt.bytes - without.bytes, lcp_ms: withIt.lcp_ms - without.lcp_ms, cls: withIt.cls - without.cls },
    };
  } finally {
    await browser.close();
    names.stop();
    await Promise.all([plain.stop(), embedded.stop()]);
  }
}

const path = chromiumPath();
if (path === null) {
  process.stderr.write("Install Chromium, or name it with UPLINE_CHROMIUM.\n");
  process.exit(1);
}
const measured = await measure(path);
process.stdout.write(`${JSON.stringify(measured)}\n`);
process.exit(measured.ok === true ? 0 : 1);
