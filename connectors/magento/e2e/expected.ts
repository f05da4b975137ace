/**
 * What each order has to be worth, worked out from the rows of the shop's database. Nothing here comes from the hub or from the
 * module, and nothing of theirs is used.
 */
import type { Codes, Expected } from "@upline/shop-suite/books";
import { halfUp, largestRemainder, least, minorOf, sum, type Worth, worthOf } from "@upline/shop-suite/worth";

/** A row of an order, an invoice or a credit memo. */
interface Row {
  readonly base_row_total: string | null;
  readonly base_discount_amount: string | null;
  readonly base_discount_tax_compensation_amount: string | null;
}

interface DocumentRow extends Row {
  readonly order_item_id: string;
}

interface Item extends Row {
  readonly item_id: string;
  readonly product_type: string;
  /** JSON. */
  readonly product_options: string | null;
}

interface Document {
  /** 2: an invoice is paid, a credit memo refunded. */
  readonly state: string;
  readonly base_grand_total: string;
  readonly base_adjustment_positive?: string | null;
  readonly base_adjustment_negative?: string | null;
  readonly rows: readonly DocumentRow[];
}

/** An order as the shop's tables have it. */
export interface ShopOrder {
  readonly id: number;
  readonly state: string;
  readonly total: string;
  /** Of the goods, before discounts and without tax. */
  readonly subtotal: string;
  readonly items: readonly Item[];
  readonly invoices: readonly Document[];
  readonly memos: readonly Document[];
}

export function expectAll(orders: readonly ShopOrder[], codes: Codes): Expected[] {
  return orders.map((order) => ({ id: order.id, isGone: false, worth: expect(order, codes.get(order.id) ?? null) }));
}

/** `code`: what the buyer used, or what the shop's people set later; null for nobody. */
export function expect(order: ShopOrder, code: string | null): Worth {
  const sold = order.items.filter((item) => !isPricedByParts(item)).map((item) => ({ ...item, order_item_id: item.item_id }));
  const rowTotals = sum(sold.map((item) => unitsOf(item.base_row_total)));
  if (rowTotals !== unitsOf(order.subtotal))
    throw new Error(`order ${order.id}: the suite counts goods of ${rowTotals} and the shop of ${unitsOf(order.subtotal)}`);
  const paid = order.invoices.filter(({ state }) => state === "2");
  const rows = paid.length > 0 ? paid.flatMap((one) => one.rows) : sold;
  const nets = netsOf(rows);
  const whole = paid.length > 0 ? sum(paid.map((one) => minorOf(one.base_grand_total))) : minorOf(order.total);
  return worthOf({ stage: stageOf(order.state, paid.length > 0), code, nets, back: givenBack(order.memos, nets, whole) });
}

/** A bundle whose row repeats what its parts' rows have. */
function isPricedByParts({ product_type, product_options }: Item): boolean {
  return product_type === "bundle" && Number(JSON.parse(product_options ?? "{}").product_calculations) === 0;
}

function stageOf(state: string, isPaid: boolean): Worth["stage"] {
  if (state === "canceled" || state === "closed") return isPaid ? "earned" : "void";
  return isPaid && (state === "processing" || state === "complete") ? "earned" : "pending";
}

/** By order item, in units of 1/10000, and rounded once. */
function netsOf(rows: readonly DocumentRow[]): Map<string, bigint> {
  const units = new Map<string, bigint>();
  for (const row of rows) {
    if (row.base_row_total === null) continue;
    const net =
      unitsOf(row.base_row_total) - unitsOf(row.base_discount_amount) + unitsOf(row.base_discount_tax_compensation_amount);
    units.set(row.order_item_id, (units.get(row.order_item_id) ?? 0n) + net);
  }
  return new Map([...units].map(([id, net]) => [id, halfUp(net, 100n)]));
}

/** By line: what names a line first, then money on top of it, in proportion to what is left; a fee is no sale. */
function givenBack(memos: readonly Document[], nets: ReadonlyMap<string, bigint>, whole: bigint): Map<string, bigint> {
  const back = new Map<string, bigint>();
  for (const memo of memos) {
    for (const [id, net] of netsOf(memo.rows)) back.set(id, least((back.get(id) ?? 0n) + net, nets.get(id) ?? 0n));
  }
  const adjusted = (name: "base_adjustment_positive" | "base_adjustment_negative") =>
    sum(memos.map((memo) => minorOf(memo[name] ?? "0")));
  const loose = adjusted("base_adjustment_positive");
  const named = sum(memos.map((memo) => minorOf(memo.base_grand_total))) - loose + adjusted("base_adjustment_negative");
  const left = [...nets].map(([id, net]) => [id, net - (back.get(id) ?? 0n)] as const);
  const share = loose <= 0n ? 0n : halfUp(sum(left.map(([, net]) => net)) * loose, whole - named);
  for (const [id, part] of largestRemainder(share, left)) back.set(id, (back.get(id) ?? 0n) + part);
  return back;
}

/** The tables have four decimals. */
function unitsOf(amount: string | null): bigint {
  const [, sign = "", whole = "0", decimals = ""] = (amount ?? "0").match(/^(-?)(\d+)(?:\.(\d{1,4}))?/) ?? [];
  const units = BigInt(whole + decimals.padEnd(4, "0"));
  return sign === "-" ? -units : units;
}
