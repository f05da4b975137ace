import { CLOSES } from "./german-closes.ts";
import { CONDITIONS } from "./german-conditions.ts";
import { DELIVERIES } from "./german-deliveries.ts";
import { NOTHING } from "./german-nothing.ts";
import { ORDERS } from "./german-orders.ts";
import { PLANS } from "./german-plans.ts";
import { SHOPS } from "./german-shops.ts";
import type { Reason, ReasonWords } from "./reason.ts";
import { sayReason } from "./say.ts";

/** The same in German, for screens: figures and days are written as German writes them. */
export const GERMAN: ReasonWords = { ...ORDERS, ...NOTHING, ...CONDITIONS, ...CLOSES, ...DELIVERIES, ...PLANS, ...SHOPS };

/** A reason in German; null of a kind that this version does not know. */
export function inGerman(reason: Reason): string | null {
  return isKnown(reason) ? sayReason(reason, GERMAN) : null;
}

function isKnown({ kind, parts = [] }: Reason): boolean {
  return Object.hasOwn(GERMAN, kind) && parts.every(isKnown);
}
