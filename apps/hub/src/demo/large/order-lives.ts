import type { OrderLine, OrderState, PlatformName, Refund } from "@upline/core";
import { Draw } from "../../fuzz/draw.ts";
import type { NewDelivery } from "../../inbox/insert.ts";
import type { ReadDelivery } from "../../orders/read.ts";
import { distributorIdOf, emailOf } from "./network.ts";

/** What the shops of the large company sent: made from an order's number alone, so that a run that was broken off goes on with the same. */

export interface LargeShop {
  readonly storeId: string;
  readonly platform: PlatformName;
  readonly currency: string;
}

export interface LargeCompany {
  readonly companyId: number;
  readonly shops: readonly LargeShop[];
  readonly distributors: number;
  readonly orders: number;
}

/** Products that each platform's shops sell, and those among them that nobody mapped. */
export const PRODUCTS = 2_000;
const UNMAPPED = 150;
/** An order has this many delivery numbers for itself. */
export const DELIVERIES_PER_ORDER = 4;

const FIRST_DAY = Date.UTC(2025, 8, 1);
const DAYS = 365;
const DAY_MS = 86_400_000;

/** A delivery as the inbox keeps it, and what it says. */
export interface SentDelivery extends Omit<NewDelivery, "body"> {
  readonly deliveryId: bigint;
  readonly receivedAt: Date;
  readonly said: ReadDelivery["said"];
}

export const skuOf = (platform: PlatformName, product: number): string =>
  `${platform.slice(0, 1).toUpperCase()}-${1000 + product}`;
export const unmappedSkuOf = (product: number): string => `NEW-${1000 + product}`;

/** Everything that is sent about one order, by the batch it belongs to: what is in a later one comes after what is in an earlier. */
export function lifeOf(index: number, company: LargeCompany): readonly (readonly SentDelivery[])[] {
  const draw = new Draw(index);
  const shop = draw.pick(company.shops);
  const placedAt = FIRST_DAY + Math.floor(((index + draw.number()) / company.orders) * DAYS * DAY_MS);
  const first = stateOf(index, { draw, shop, placedAt, company });
  const later = laterState(first, { draw, placedAt });
  const send = (place: number, said: ReadDelivery["said"], at: number): SentDelivery => ({
    companyId: company.companyId,
    deliveryId: BigInt(index) * BigInt(DELIVERIES_PER_ORDER) + BigInt(place) + 1n,
    storeId: shop.storeId,
    topic: TOPICS[shop.platform],
    platformDeliveryId: null,
    encoding: "utf8",
    receivedAt: new Date(at),
    said,
  });
  const bought = send(0, { kind: "order", state: first }, placedAt + 2_000);
  const changed = later === null ? [] : [send(1, { kind: "order", state: later }, Date.parse(later.revision.at) + 2_000)];
  const again = draw.chance(0.03) ? [send(2, { kind: "order", state: first }, placedAt + 60_000)] : [];
  const other = draw.chance(0.03) ? [send(3, otherNews(draw, index), placedAt + 5_000)] : [];
  return [
    [bought, ...other],
    [...changed, ...again],
  ];
}

const TOPICS: Readonly<Record<PlatformName, string>> = {
  shopify: "orders/updated",
  woocommerce: "order.updated",
  magento: "order.updated",
};

function otherNews(draw: Draw, index: number): ReadDelivery["said"] {
  return draw.pick<ReadDelivery["said"]>([
    { kind: "hint", entity: "product", id: String(1 + draw.below(PRODUCTS)) },
    { kind: "hint", entity: "order", id: String(1 + index) },
    { kind: "ignored", reason: "a draft" },
    { kind: "shop", event: "shop/update" },
    { kind: "unreadable", detail: "line_items: expected a list" },
  ]);
}

interface Placing {
  readonly draw: Draw;
  readonly shop: LargeShop;
  readonly placedAt: number;
  readonly company: LargeCompany;
}

function stateOf(index: number, { draw, shop, placedAt, company }: Placing): OrderState {
  const lines = Array.from({ length: draw.chance(0.85) ? 1 : 2 + draw.below(2) }, (_, line) => lineOf(draw, shop, line));
  const owner = 1 + Math.floor(company.distributors * draw.number() ** 1.2);
  const known = draw.chance(0.85);
  const code = draw.chance(0.02) ? `LOST${draw.below(500)}` : distributorIdOf(owner);
  const email = draw.chance(0.03) ? emailOf(owner) : `buyer${draw.below(Math.ceil(company.orders / 3))}@example.com`;
  const pending = draw.chance(0.12);
  return {
    platform: shop.platform,
    orderId: String(100_000 + index),
    orderName: `#${100_000 + index}`,
    revision: { at: new Date(placedAt).toISOString(), tie: "1" },
    placedAt: new Date(placedAt).toISOString(),
    stage: { kind: pending ? "pending" : "earned" },
    platformStatus: pending ? "pending" : "paid",
    currency: shop.currency,
    totalMinor: lines.reduce((sum, line) => sum + line.grossMinor - line.discountMinor, 0n),
    lines,
    refunds: [],
    buyer: `email:${email}`,
    buyerIdentities: [{ kind: "email", value: email }],
    evidence: known ? [{ source: "discount-code", code, where: "discount_codes" }] : [],
  };
}

function lineOf(draw: Draw, { platform }: LargeShop, line: number): OrderLine {
  const product = draw.below(PRODUCTS);
  const quantity = 1 + draw.below(3);
  const grossMinor = BigInt(quantity * (900 + (product % 90) * 100));
  return {
    lineId: String(1 + line),
    kind: "product",
    variantId: null,
    productId: null,
    sku: draw.chance(0.01) ? unmappedSkuOf(draw.below(UNMAPPED)) : skuOf(platform, product),
    name: `Product ${product}`,
    quantity,
    grossMinor,
    discountMinor: draw.chance(0.1) ? grossMinor / 10n : 0n,
    includedTaxMinor: 0n,
  };
}

/** What became of the order, where anything did: paid, given back in part or whole, cancelled. */
function laterState(first: OrderState, { draw, placedAt }: { draw: Draw; placedAt: number }): OrderState | null {
  const fate = draw.number();
  const at = new Date(placedAt + Math.floor((0.1 + draw.number() * 10) * DAY_MS)).toISOString();
  const revision = { at, tie: "2" };
  if (first.stage.kind === "pending")
    return fate < 0.8 ? { ...first, revision, stage: { kind: "earned" }, platformStatus: "paid" } : null;
  if (fate < 0.05) return { ...first, revision, platformStatus: "partially_refunded", refunds: [refundOf(first, at)] };
  if (fate < 0.07) return { ...first, revision, platformStatus: "cancelled", stage: { kind: "void", reason: "cancelled" } };
  return null;
}

/** The first line, given back whole. */
function refundOf(order: OrderState, at: string): Refund {
  const lines = order.lines.slice(0, 1).map((line) => ({ lineId: line.lineId, netMinor: line.grossMinor - line.discountMinor }));
  const amountMinor = lines.reduce((sum, line) => sum + line.netMinor, 0n);
  return { refundId: `R${order.orderId}`, at, amountMinor, lines, proratedMinor: 0n, detail: "full" };
}
