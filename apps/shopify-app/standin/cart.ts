import { total } from "./money.ts";
import { discountOf, gross, type NamedValue } from "./order.ts";
import { lineOfDraft } from "./sell.ts";
import type { Shop } from "./shop.ts";

/** A buyer's cart, as `/cart.js` shows it; amounts there are minor units, whatever the currency. */
export interface Cart {
  readonly token: string;
  lines: CartLine[];
  attributes: Record<string, string>;
  note: string | null;
  discountCode: string | null;
  /** The first page of the visit, with its query, as the order will tell. */
  landingSite: string | null;
  referringSite: string | null;
}

export interface CartLine {
  readonly variantId: string;
  quantity: number;
  readonly properties: readonly NamedValue[];
}

/** The carts of one shop, by the token in the buyer's cookie. */
export class Carts {
  readonly #carts = new Map<string, Cart>();

  of(token: string | undefined): Cart | undefined {
    return token === undefined ? undefined : this.#carts.get(token);
  }

  start(seed: { landingSite?: string | null; referringSite?: string | null } = {}): Cart {
    const token = `cart-${this.#carts.size + 1}`;
    const cart: Cart = {
      token,
      lines: [],
      attributes: {},
      note: null,
      discountCode: null,
      landingSite: seed.landingSite ?? null,
      referringSite: seed.referringSite ?? null,
    };
    this.#carts.set(token, cart);
    return cart;
  }
}

const sameProperties = (one: readonly NamedValue[], other: readonly NamedValue[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

export function addToCart(shop: Shop, cart: Cart, added: CartLine): CartLine {
  shop.variantOf(added.variantId);
  const known = cart.lines.find(
    (line) => line.variantId === added.variantId && sameProperties(line.properties, added.properties),
  );
  if (known) known.quantity += added.quantity;
  else cart.lines.push(added);
  return known ?? added;
}

/** `cart/update.js`: quantities by variant id, and attributes, which are merged; an empty one is taken off. */
export function updateCart(
  cart: Cart,
  change: { updates?: Record<string, number>; attributes?: Record<string, unknown>; note?: string },
): void {
  for (const [variantId, quantity] of Object.entries(change.updates ?? {})) {
    const line = cart.lines.find((one) => one.variantId === variantId);
    if (line) line.quantity = Number(quantity);
  }
  cart.lines = cart.lines.filter(({ quantity }) => quantity > 0);
  for (const [name, value] of Object.entries(change.attributes ?? {})) {
    if (value === null || value === "") delete cart.attributes[name];
    else cart.attributes[name] = String(value);
  }
  if (change.note !== undefined) cart.note = change.note;
}

export function cartJson(shop: Shop, cart: Cart): Record<string, unknown> {
  const items = cart.lines.map((line) => lineJson(shop, line));
  const price = items.reduce((sum, item) => sum + item.final_line_price, 0);
  return {
    token: cart.token,
    note: cart.note ?? "",
    attributes: cart.attributes,
    original_total_price: price,
    total_price: price,
    total_discount: 0,
    total_weight: 0,
    item_count: cart.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    items,
    requires_shipping: true,
    currency: shop.currency,
    items_subtotal_price: price,
    cart_level_discount_applications: [],
    discount_codes: cart.discountCode === null ? [] : [{ code: cart.discountCode, applicable: true }],
  };
}

export function lineJson(shop: Shop, line: CartLine) {
  const variant = shop.variantOf(line.variantId);
  const product = shop.productOf(variant.productId);
  const made = lineOfDraft(shop, { variant: variant.id, quantity: line.quantity });
  const price = Number(made.unit);
  return {
    id: Number(variant.id),
    key: `${variant.id}:${line.properties.length}`,
    variant_id: Number(variant.id),
    product_id: Number(product.id),
    title: product.title,
    sku: variant.sku,
    quantity: line.quantity,
    price,
    final_price: price,
    line_price: Number(gross(made)),
    final_line_price: Number(total([gross(made), -discountOf(made)])),
    properties: Object.fromEntries(line.properties.map(({ name, value }) => [name, value])),
    handle: product.handle,
    gift_card: variant.giftCard,
    url: `/products/${product.handle}?variant=${variant.id}`,
  };
}
