import type { PlatformName } from "@upline/core";
import { Draw } from "../../fuzz/draw.ts";
import { DEMO_PRICES, demoDistributors } from "../company.ts";
import { beginningOf, DAY_MS, endOf, LAST_MOMENT, MONTHS, type Month } from "./months.ts";
import { LATER_DISTRIBUTORS } from "./network-life.ts";

/** What the demo's three shops sold in six months, drawn with a seed: the same on every machine. Amounts are minor units of EUR. */

const ORDERS_OF_MONTH: Readonly<Record<Month, number>> = {
  "2026-06": 380,
  "2026-07": 430,
  "2026-08": 440,
  "2026-09": 520,
  "2026-10": 600,
  "2026-11": 630,
};

export interface SoldLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitMinor: number;
}

/** What became of an order behind its purchase. */
export type Fate = "kept" | "line-back" | "all-back" | "cancelled" | "paid-later";

export interface SoldOrder {
  /** Counted from 0 over all months. */
  readonly index: number;
  readonly platform: PlatformName;
  readonly placedAt: Date;
  readonly lines: readonly SoldLine[];
  /** A tenth off every line, by the code. */
  readonly isDiscounted: boolean;
  readonly code: string | null;
  readonly email: string;
  readonly fate: Fate;
  /** When its fate is told; null where it is kept. */
  readonly changedAt: Date | null;
}

/** A product that came to the shops in November and that nobody mapped yet. */
const UNMAPPED: Readonly<Record<PlatformName, SoldLine>> = {
  shopify: { sku: "GLOW-030", name: "Night Glow", quantity: 1, unitMinor: 3_490 },
  woocommerce: { sku: "GLOW-030", name: "Night Glow", quantity: 1, unitMinor: 3_490 },
  magento: { sku: "SKU-GLOW", name: "Night Glow Set", quantity: 1, unitMinor: 5_900 },
};
/** Printed on a flyer, and never given to anybody. */
const CODE_OF_NOBODY = "FLYER26";

/** Those of a month by the day, in the order in which they were placed. */
export function soldIn(month: Month): SoldOrder[] {
  const before = MONTHS.slice(0, MONTHS.indexOf(month)).reduce((sum, earlier) => sum + ORDERS_OF_MONTH[earlier], 0);
  const draw = new Draw(2026 + MONTHS.indexOf(month));
  const [from, to] = [beginningOf(month).getTime(), endOf(month).getTime()];
  const moments = Array.from({ length: ORDERS_OF_MONTH[month] }, () => momentBetween(draw, from, to)).sort((a, b) => a - b);
  return moments.map((placedAt, place) => soldOrder(before + place, new Date(placedAt), draw));
}

/** People buy by day, and more of them in the evening. */
function momentBetween(draw: Draw, from: number, to: number): number {
  const day = from + Math.floor((draw.number() * (to - from)) / DAY_MS) * DAY_MS;
  const hour = 7 + 14 * Math.max(draw.number(), draw.number());
  return Math.min(to - 1_000, day + Math.floor(hour * 3_600_000));
}

function soldOrder(index: number, placedAt: Date, draw: Draw): SoldOrder {
  const roll = draw.number();
  const platform: PlatformName = roll < 0.46 ? "shopify" : roll < 0.8 ? "woocommerce" : "magento";
  const lines = linesOf(platform, placedAt, draw);
  const code = codeOf(placedAt, draw);
  const fate = fateOf(platform, lines, draw);
  const changedAt = new Date(placedAt.getTime() + Math.floor((0.2 + 12 * draw.number()) * DAY_MS));
  const hasChanged = fate !== "kept" && changedAt < LAST_MOMENT;
  return {
    ...{ index, platform, placedAt, lines, code },
    isDiscounted: code !== null && draw.chance(0.3),
    email: `customer${draw.below(1_400)}@example.com`,
    fate: hasChanged || fate === "paid-later" ? fate : "kept",
    changedAt: hasChanged ? changedAt : null,
  };
}

function linesOf(platform: PlatformName, placedAt: Date, draw: Draw): SoldLine[] {
  const products = DEMO_PRICES.filter((product) => product.platform === platform);
  const isNew = placedAt.toISOString() >= "2026-11-12" && draw.chance(0.06);
  const first = draw.below(products.length);
  const count = draw.chance(0.6) ? 1 : 2 + draw.below(2);
  const lines = Array.from({ length: count }, (_, line): SoldLine => {
    const { sku, name, unitMinor } = products[(first + line * 3) % products.length] as (typeof products)[number];
    return { sku, name, unitMinor, quantity: draw.chance(0.75) ? 1 : 2 + draw.below(2) };
  });
  return isNew ? [...lines, UNMAPPED[platform]] : lines;
}

/** Whom the buyer named. A few sell most of it; nearly a tenth names nobody. */
function codeOf(placedAt: Date, draw: Draw): string | null {
  const roll = draw.number();
  if (roll > 0.91) return null;
  if (placedAt.toISOString() >= "2026-11-20" && roll > 0.897) return CODE_OF_NOBODY;
  const sellers = [...EARLY_SELLERS, ...LATER_DISTRIBUTORS.filter(({ enrolledAt }) => enrolledAt < placedAt.toISOString())];
  return sellers[Math.floor(sellers.length * draw.number() ** 1.7)]?.distributorId ?? null;
}

const EARLY_SELLERS = demoDistributors()
  .filter(({ status }) => status === "active")
  .map(({ distributorId }) => ({ distributorId }));

function fateOf(platform: PlatformName, lines: readonly SoldLine[], draw: Draw): Fate {
  const roll = draw.number();
  if (roll < 0.035) return lines.length > 1 ? "line-back" : "all-back";
  if (roll < 0.05) return "all-back";
  if (roll < 0.062) return "cancelled";
  return roll < 0.09 && platform !== "shopify" ? "paid-later" : "kept";
}
