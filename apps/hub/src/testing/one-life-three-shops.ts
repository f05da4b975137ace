import fc from "fast-check";

/**
 * The life of one order as each of the three platforms would tell it: drawn goods with discount and tax, then refunds
 * by pieces, some of them less a fee, and goodwill that names nothing. Amounts are cents.
 */

export interface Goods {
  readonly price: number;
  readonly pieces: number;
  readonly discount: number;
  readonly net: number;
  readonly tax: number;
}

/** One refund, named by the day of November on which it was made. */
export interface Refunded {
  readonly day: number;
  readonly goods: {
    readonly index: number;
    readonly pieces: number;
    readonly net: number;
    readonly tax: number;
    readonly row: number;
  } | null;
  readonly moved: number;
  readonly goodwill: number;
  readonly kept: number;
}

export interface Life {
  readonly goods: readonly Goods[];
  readonly shipping: number;
  readonly total: number;
  readonly refunds: readonly Refunded[];
}

const drawnGoods = fc
  .record({
    price: fc.integer({ min: 100, max: 9999 }),
    pieces: fc.integer({ min: 1, max: 4 }),
    percentOff: fc.integer({ min: 0, max: 60 }),
    taxed: fc.boolean(),
  })
  .map(({ price, pieces, percentOff, taxed }): Goods => {
    const discount = Math.floor((price * pieces * percentOff) / 100);
    const net = price * pieces - discount;
    return { price, pieces, discount, net, tax: taxed ? Math.round(net * 0.19) : 0 };
  });

const drawnAct = fc.record({
  byPieces: fc.boolean(),
  index: fc.nat(2),
  pieces: fc.integer({ min: 1, max: 3 }),
  amount: fc.integer({ min: 1, max: 3000 }),
  kept: fc.constantFrom(0, 0, 100),
});

export const drawnLife: fc.Arbitrary<Life> = fc
  .record({
    goods: fc.array(drawnGoods, { minLength: 1, maxLength: 3 }),
    shipping: fc.constantFrom(0, 490),
    acts: fc.array(drawnAct, { maxLength: 6 }),
  })
  .map(({ goods, shipping, acts }) => {
    const total = goods.reduce<number>((sum, { net, tax }) => sum + net + tax, shipping);
    const returned = goods.map(() => 0);
    let left = total;
    const refunds = acts.flatMap((act, position): Refunded[] => {
      const day = 10 + position;
      const made = act.byPieces
        ? piecesBack(goods, returned, { ...act, index: act.index % goods.length }, day)
        : goodwill(act.amount, left, day);
      if (made === null || made.moved <= 0 || made.moved > left) return [];
      if (made.goods) returned[made.goods.index] = (returned[made.goods.index] ?? 0) + made.goods.pieces;
      left -= made.moved;
      return [made];
    });
    return { goods, shipping, total, refunds };
  });

function goodwill(amount: number, left: number, day: number): Refunded {
  const moved = Math.min(amount, left);
  return { day, goods: null, moved, goodwill: moved, kept: 0 };
}

/** Shares are cut so that all pieces together are the whole line. */
function piecesBack(
  goods: readonly Goods[],
  returned: readonly number[],
  act: { readonly index: number; readonly pieces: number; readonly kept: number },
  day: number,
): Refunded | null {
  const line = goods[act.index] as Goods;
  const before = returned[act.index] ?? 0;
  const pieces = Math.min(act.pieces, line.pieces - before);
  if (pieces <= 0) return null;
  const share = (whole: number) =>
    Math.round((whole * (before + pieces)) / line.pieces) - Math.round((whole * before) / line.pieces);
  const [net, tax, row] = [share(line.net), share(line.tax), share(line.price * line.pieces)];
  const kept = Math.min(act.kept, net);
  return { day, goods: { index: act.index, pieces, net, tax, row }, moved: net + tax - kept, goodwill: 0, kept };
}

const euros = (cents: number) => (cents / 100).toFixed(2);
const lineId = (index: number) => 100 + index;
const dated = ({ day }: Refunded) => `2026-11-${day}T00:00:00`;

export function asShopify({ goods, total, refunds }: Life): string {
  const money = (cents: number) => ({ shop_money: { amount: euros(cents), currency_code: "EUR" } });
  const back = (index: number) =>
    refunds.reduce((sum, refund) => sum + (refund.goods?.index === index ? refund.goods.pieces : 0), 0);
  const adjustment = ({ day, goodwill, kept }: Refunded) => ({
    id: day,
    kind: "refund_discrepancy",
    amount: euros(kept - goodwill),
    tax_amount: "0.00",
  });
  return JSON.stringify({
    id: 7,
    currency: "EUR",
    taxes_included: false,
    financial_status: "paid",
    processed_at: "2026-11-01T00:00:00Z",
    updated_at: "2026-11-25T00:00:00Z",
    subtotal_price: euros(goods.reduce((sum, { net }) => sum + net, 0)),
    total_price: euros(total),
    line_items: goods.map(({ price, pieces, discount, tax }, index) => ({
      id: lineId(index),
      sku: `S${index}`,
      variant_id: 1,
      quantity: pieces,
      current_quantity: pieces - back(index),
      price: euros(price),
      discount_allocations: [{ amount: euros(discount) }],
      tax_lines: [{ price: euros(tax) }],
    })),
    refunds: refunds.map((refund) => ({
      id: refund.day,
      processed_at: `${dated(refund)}Z`,
      refund_line_items: refund.goods
        ? [
            {
              line_item_id: lineId(refund.goods.index),
              quantity: refund.goods.pieces,
              subtotal_set: money(refund.goods.net),
              total_tax_set: money(refund.goods.tax),
            },
          ]
        : [],
      order_adjustments: refund.goodwill + refund.kept > 0 ? [adjustment(refund)] : [],
      transactions: [{ id: refund.day, kind: "refund", status: "success", amount: euros(refund.moved), currency: "EUR" }],
    })),
  });
}

export function asWooCommerce({ goods, shipping, total, refunds }: Life): string {
  const order = {
    id: 7,
    status: "processing",
    currency: "EUR",
    date_created_gmt: "2026-11-01T00:00:00",
    date_modified_gmt: "2026-11-25T00:00:00",
    total: euros(total),
    customer_id: 0,
    meta_data: [],
    line_items: goods.map(({ price, pieces, net, tax }, index) => ({
      id: lineId(index),
      sku: `S${index}`,
      product_id: 50 + index,
      quantity: pieces,
      subtotal: euros(price * pieces),
      total: euros(net),
      total_tax: euros(tax),
      meta_data: [],
    })),
    shipping_lines: [{ id: 1, total: euros(shipping), total_tax: "0.00" }],
  };
  const listed = refunds.map((refund) => ({
    id: refund.day,
    date_created_gmt: dated(refund),
    amount: euros(refund.moved),
    line_items: refund.goods
      ? [
          {
            total: euros(-refund.goods.net),
            total_tax: euros(-refund.goods.tax),
            meta_data: [{ key: "_refunded_item_id", value: String(lineId(refund.goods.index)) }],
          },
        ]
      : [],
  }));
  return JSON.stringify({ type: "order.updated", timestamp: "2026-11-25T00:00:00.1Z", data: { order, refunds: listed } });
}

export function asMagento({ goods, shipping, total, refunds }: Life): string {
  const header = {
    base_grand_total: total / 100,
    base_subtotal: goods.reduce((sum, { price, pieces }) => sum + price * pieces, 0) / 100,
    base_discount_amount: -goods.reduce((sum, { discount }) => sum + discount, 0) / 100,
    base_tax_amount: goods.reduce((sum, { tax }) => sum + tax, 0) / 100,
    base_shipping_amount: shipping / 100,
    created_at: "2026-11-01 00:00:00",
  };
  const row = (index: number, qty: number, { row, net }: { row: number; net: number }) => ({
    order_item_id: lineId(index),
    qty,
    base_row_total: row / 100,
    base_discount_amount: (row - net) / 100,
  });
  const items = goods.map(({ pieces, net }, index) => ({
    item_id: lineId(index),
    sku: `S${index}`,
    qty_ordered: pieces,
    base_row_total: net / 100,
  }));
  const rows = goods.map(({ price, pieces, net }, index) => row(index, pieces, { row: price * pieces, net }));
  const order = {
    entity_id: 7,
    state: "processing",
    base_currency_code: "EUR",
    updated_at: "2026-11-25 00:00:00",
    items,
    ...header,
  };
  const creditmemos = refunds.map((refund) => ({
    entity_id: refund.day,
    state: 2,
    base_grand_total: refund.moved / 100,
    created_at: dated(refund).replace("T", " "),
    base_adjustment_positive: refund.goodwill / 100,
    base_adjustment_negative: refund.kept / 100,
    items: refund.goods ? [row(refund.goods.index, refund.goods.pieces, refund.goods)] : [],
  }));
  return JSON.stringify({ order, invoices: [{ entity_id: 1, state: 2, items: rows, ...header }], creditmemos });
}
