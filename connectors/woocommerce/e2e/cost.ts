/** What the plugin costs a buyer: server time of the checkout request, and the size of the script. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buyHeadless } from "./buyers.ts";
import type { Shop } from "./shop.ts";

export interface Cost {
  /** Median of the time spent inside the plugin before the buyer has the answer, loading it included. */
  readonly pluginMs: number;
  readonly pluginMsP90: number;
  readonly checkoutMsWith: number;
  readonly checkoutMsWithout: number;
  readonly samples: number;
  readonly scriptBytesGzipped: number;
  /** Of the scripts the plugin adds to a page: those the browser must wait for. */
  readonly blockingScripts: number;
}

export async function measureCost(shop: Shop, samples: number): Promise<Cost> {
  const name = `m${Date.now()}`;
  const kept = join(tmpdir(), `upline-e2e-${name}`);
  const withMs: number[] = [];
  const withoutMs: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    await buyHeadless(shop, { cookie: "ANNA77", measure: name });
    withMs.push((await buyHeadless(shop, { cookie: "ANNA77" })).tookMs);
    await shop.inside("activate", { active: false });
    withoutMs.push((await buyHeadless(shop, { cookie: "ANNA77" })).tookMs);
    await shop.inside("activate", { active: true });
  }
  const measured = existsSync(kept) ? readFileSync(kept, "utf8").trim().split("\n").map(Number) : [];
  rmSync(kept, { force: true });
  const html = await (await fetch(`${shop.url}/?e2e-visit=${Date.now()}`)).text();
  const tags = html.match(/<script[^>]+upline-woocommerce[^>]*>/g) ?? [];
  const source = tags[0]?.match(/src="([^"]+)"/)?.[1]?.replaceAll("&#038;", "&");
  const script = source ? Buffer.from(await (await fetch(source)).arrayBuffer()) : Buffer.alloc(0);
  return {
    pluginMs: round(median(measured)),
    pluginMsP90: round([...measured].sort((a, b) => a - b)[Math.floor(measured.length * 0.9)] ?? Number.NaN),
    checkoutMsWith: round(median(withMs)),
    checkoutMsWithout: round(median(withoutMs)),
    samples,
    scriptBytesGzipped: gzipSync(script).length,
    blockingScripts: tags.filter((tag) => !/\b(defer|async)\b/.test(tag)).length,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const round = (value: number): number => Math.round(value * 100) / 100;
