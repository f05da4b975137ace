import { z } from "zod";
import { buyerIdentity } from "./buyer-identity.ts";

/**
 * The canonical, whole state of an order at one revision. A connector turns any delivery into this;
 * nothing downstream knows which platform it came from.
 */

export const platformName = z.enum(["shopify", "woocommerce", "magento"]);
export type PlatformName = z.infer<typeof platformName>;

/** Minor units; a decimal string in stored JSON, a bigint in memory. */
const minor = z.union([
  z.bigint(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(BigInt),
]);
const nonNegativeMinor = minor.refine((value) => value >= 0n, "must not be negative");
const id = z.string().min(1).max(255);
const instant = z.iso.datetime({ offset: true });

/**
 * What a line sells. Only `product` lines can earn: a gift card is money for later, a tip and a fee are no sale.
 */
export const lineKind = z.enum(["product", "gift-card", "tip", "fee"]);

/** Names by which a tip is known where a platform does not mark it: only a line that is no article of the shop is judged by its name. */
export function isTipName(name: string): boolean {
  return /^(tip|tips|gratuity|trinkgeld|pourboire|propina|mancia|fooi)$/i.test(name.trim());
}

export const orderLine = z.object({
  lineId: id,
  kind: lineKind,
  /** The platform's variant id, the first key of the SKU map. */
  variantId: id.nullable(),
  productId: id.nullable(),
  sku: z.string().max(255).nullable(),
  name: z.string(),
  quantity: z.number().nonnegative(),
  /** Price × quantity before any discount. */
  grossMinor: nonNegativeMinor,
  /** This line's share of all discounts, order-wide ones included. */
  discountMinor: nonNegativeMinor,
  /** Tax contained in gross less discount; zero where prices are without tax. */
  includedTaxMinor: nonNegativeMinor,
});
export type OrderLine = z.infer<typeof orderLine>;

export const refund = z.object({
  refundId: id,
  at: instant,
  /** Everything given back by this refund, tax and shipping included. */
  amountMinor: nonNegativeMinor,
  /** Net given back per order line (without tax). */
  lines: z.array(z.object({ lineId: id, netMinor: nonNegativeMinor })),
  /** The part of `amountMinor` that names no line: spread over what is left of all lines. */
  proratedMinor: nonNegativeMinor,
  /**
   * Goods given back whose line cannot be told, with the net that the platform states for them. They are taken from the
   * lines that they may be (from any, where none is listed); `grossMinor`, with tax, is their part of `proratedMinor`.
   */
  unlinked: z.array(z.object({ lineIds: z.array(id), netMinor: nonNegativeMinor, grossMinor: nonNegativeMinor })).optional(),
  /**
   * What the named parts were worth in the order, where that is not `amountMinor` less `proratedMinor`: a fee was kept,
   * store credit paid for some of it, or it names what the order no longer holds.
   */
  namedMinor: nonNegativeMinor.optional(),
  /** `summary`: the delivery only said how much. A `full` account of the same refund replaces it, never the reverse. */
  detail: z.enum(["full", "summary"]),
});
export type Refund = z.infer<typeof refund>;

/** How a referral code came to be on the order; the company's policy ranks them. */
export const evidenceSource = z.enum([
  "manual",
  "discount-code",
  "checkout-field",
  "cart-attribute",
  "line-property",
  "landing-site",
  "web-pixel",
  "buyer-claim",
]);
export type EvidenceSource = z.infer<typeof evidenceSource>;

export const evidence = z.object({ source: evidenceSource, code: z.string().min(1).max(255), where: z.string().max(255) });
export type Evidence = z.infer<typeof evidence>;

/** Whether the order's money has been earned. Decided by the connector from the platform's own words. */
export const stage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pending") }),
  z.object({ kind: z.literal("earned") }),
  z.object({ kind: z.literal("void"), reason: z.enum(["cancelled", "failed", "test", "trashed", "deleted", "chargeback"]) }),
]);
export type Stage = z.infer<typeof stage>;

/**
 * Which of two states of an order is newer: later `at` first (the platform's own update time, often
 * only to the second), then the greater `tie`, which a connector builds from the body so that the
 * answer never depends on the order of arrival.
 */
export const revision = z.object({ at: instant, tie: z.string().max(255) });
export type Revision = z.infer<typeof revision>;

export const orderState = z.object({
  platform: platformName,
  orderId: id,
  /** The number people see, such as #1001. */
  orderName: z.string().max(255),
  revision,
  /** When the buyer ordered: decides plan version, tree and SKU map. */
  placedAt: instant,
  stage,
  /** The platform's own status words, for people to read. */
  platformStatus: z.string().max(255),
  /** ISO 4217, of every amount in this state. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Everything the buyer paid or owes, tax and shipping included. */
  totalMinor: nonNegativeMinor,
  /**
   * The whole that an amount-only refund is a part of, tax and shipping included, where that is not `totalMinor`: store
   * credit or a gift card lowered the total, or only a part has been invoiced.
   */
  worthMinor: nonNegativeMinor.optional(),
  lines: z.array(orderLine),
  refunds: z.array(refund),
  /** Refunds that the platform lists and whose money never went: one that was told by itself before does not count either. */
  refundsNotMade: z.array(id).optional(),
  /** Who bought, as an opaque platform key such as "customer:8231" or "email:…"; hashed before it is stored. */
  buyer: z.string().max(320).nullable(),
  /** Everything else by which the platform knows the buyer. Personal data: looked up when the order is read, never stored with it. */
  buyerIdentities: z.array(buyerIdentity).optional(),
  evidence: z.array(evidence),
  /**
   * Somebody has said that nobody referred the buyer: the buyer, so that no link counts, or the shop's people, which is a
   * manual decision like naming somebody.
   */
  nobody: z.enum(["buyer", "shop"]).optional(),
  /** It came of a subscription: its first order or a renewal. Left out where the platform does not say so. */
  subscription: z.literal(true).optional(),
});
export type OrderState = z.infer<typeof orderState>;

/** Positive where `a` is the newer revision, negative where `b` is, zero for the same one. */
export function compareRevisions(a: Revision, b: Revision): number {
  const byTime = Date.parse(a.at) - Date.parse(b.at);
  if (byTime !== 0) return byTime;
  return a.tie === b.tie ? 0 : a.tie > b.tie ? 1 : -1;
}
