import { minorOf, type Presentment } from "./money.ts";
import { type Application, type Line, type NamedValue, type Order, totalsOf } from "./order.ts";
import type { Shop } from "./shop.ts";

/** What a buyer, or staff, puts into an order. */
export interface OrderDraft {
  readonly lines: readonly LineDraft[];
  readonly attributes?: readonly NamedValue[];
  readonly discountCode?: string | null;
  /** A discount that staff types on a draft order: no code, only a title. */
  readonly manualDiscount?: { readonly title: string; readonly amount: string };
  readonly shipping?: string | null;
  readonly tip?: string;
  readonly customerId?: string | null;
  readonly landingSite?: string | null;
  readonly referringSite?: string | null;
  readonly presentment?: Presentment;
  readonly sourceName?: string;
  readonly test?: boolean;
  readonly paid?: boolean;
  /** An order of the past, such as one that a migration brought; seconds ago. */
  readonly secondsAgo?: number;
}

export interface LineDraft {
  /** A variant's id or its SKU; without one the line is typed by staff and has a title and a price. */
  readonly variant?: string;
  readonly title?: string;
  readonly price?: string;
  readonly quantity?: number;
  readonly properties?: readonly NamedValue[];
}

export function makeOrder(shop: Shop, draft: OrderDraft): Order {
  const at = new Date(shop.now().getTime() - (draft.secondsAgo ?? 0) * 1000);
  const lines = draft.lines.map((line) => lineOfDraft(shop, line));
  const { applications, discountCodes } = discount(shop, draft, lines);
  if (draft.tip !== undefined) lines.push(tipLine(shop, draft.tip));
  const id = shop.newId("order");
  const order: Order = {
    id,
    number: shop.newOrderNumber(),
    currency: shop.currency,
    presentment: draft.presentment ?? shop.ownMoney,
    taxesIncluded: shop.taxesIncluded,
    createdAt: at,
    processedAt: at,
    updatedAt: at,
    cancelledAt: null,
    cancelReason: null,
    test: draft.test ?? false,
    sourceName: draft.sourceName ?? "web",
    customerId: draft.customerId ?? null,
    attributes: [...(draft.attributes ?? [])],
    applications,
    discountCodes,
    lines,
    removed: new Map(),
    shipping:
      draft.shipping == null
        ? null
        : { id: shop.newId(), title: "Standard", price: minorOf(draft.shipping, shop.currency), taxRate: shop.taxRate },
    landingSite: draft.landingSite ?? null,
    referringSite: draft.referringSite ?? null,
    checkoutToken: id.padStart(32, "c"),
    transactions: [],
    refunds: [],
    edited: false,
  };
  shop.orders.set(order.id, order);
  if (draft.paid ?? true) takeMoney(shop, order, at);
  return order;
}

export function takeMoney(shop: Shop, order: Order, at: Date): void {
  const amount = totalsOf(order).total;
  order.transactions.push({ id: shop.newId(), kind: "sale", status: "success", amount, at, parentId: null });
}

export function lineOfDraft(shop: Shop, draft: LineDraft): Line {
  const variant = draft.variant === undefined ? null : shop.variantOf(draft.variant);
  const product = variant && shop.productOf(variant.productId);
  return {
    id: shop.newId(),
    productId: product?.id ?? null,
    variantId: variant?.id ?? null,
    sku: variant?.sku ?? "",
    title: draft.title ?? product?.title ?? "Custom",
    unit: draft.price === undefined ? (variant?.price ?? 0n) : minorOf(draft.price, shop.currency),
    quantity: draft.quantity ?? 1,
    giftCard: variant?.giftCard ?? false,
    tip: false,
    properties: draft.properties ?? [],
    taxRate: variant?.giftCard ? 0 : shop.taxRate,
    allocations: new Map(),
  };
}

function tipLine(shop: Shop, amount: string): Line {
  const plain = lineOfDraft(shop, { title: "Tip", price: amount });
  return { ...plain, tip: true, taxRate: 0 };
}

function discount(shop: Shop, draft: OrderDraft, lines: Line[]): Pick<Order, "applications" | "discountCodes"> {
  const goods = lines.filter(({ giftCard }) => !giftCard);
  const amounts = goods.map(({ unit, quantity }) => unit * BigInt(quantity));
  if (draft.manualDiscount) {
    const { title, amount } = draft.manualDiscount;
    const minor = minorOf(amount, shop.currency);
    const made = shop.discounts.apply({ ...nobody(shop), value: { minor } }, title, amounts);
    const application: Application = { ...made.application, type: "manual", name: title };
    share(goods, made.shares);
    return { applications: [application], discountCodes: [{ code: title, amount: minor, type: "fixed_amount" }] };
  }
  const found = draft.discountCode ? shop.discounts.find(draft.discountCode) : null;
  if (!found || !shop.discounts.isValid(found.discount)) return { applications: [], discountCodes: [] };
  const { application, shares } = shop.discounts.apply(found.discount, found.redeem.code, amounts);
  share(goods, shares);
  found.redeem.uses += 1;
  const amount = shares.reduce((sum, one) => sum + one, 0n);
  const type = "percent" in application.value ? "percentage" : "fixed_amount";
  return { applications: [application], discountCodes: [{ code: found.redeem.code, amount, type }] };
}

const nobody = (shop: Shop) => ({
  id: "0",
  title: "",
  startsAt: shop.createdAt,
  endsAt: null,
  createdAt: shop.createdAt,
  codes: [],
  active: true,
});

function share(goods: readonly Line[], shares: readonly bigint[]): void {
  goods.forEach((line, index) => {
    const minor = shares[index] ?? 0n;
    if (minor > 0n) line.allocations.set(0, minor);
  });
}
