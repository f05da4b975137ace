/**
 * What each order has to be worth, worked out by the suite itself: from the rows of the shop's database and from the
 * company's plan. Nothing here comes from the hub or from the plugin, and nothing of theirs is used.
 */
import type { Codes, Expected } from "@upline/shop-suite/books";
import { halfUp, largestRemainder, least, minorOf, sum, type Worth, worthOf } from "@upline/shop-suite/worth";

/** An order as the shop's tables have it. */
export interface ShopOrder {
  readonly id: number;
  /** Null: deleted for good. */
  readonly status: string | null;
  readonly total: string;
  /** After discounts, without tax. */
  readonly lines: readonly { readonly id: string; readonly total: string }[];
  readonly refunds: readonly ShopRefund[];
}

interface ShopRefund {
  readonly amount: string;
  /** What of it names a line of the order; without tax, and its tax. */
  readonly lines: readonly { readonly id: string; readonly total: string; readonly tax: string }[];
}

const STAGES: Readonly<Record<string, Worth["stage"]>> = {
  processing: "earned",
  completed: "earned",
  refunded: "earned",
  pending: "pending",
  "on-hold": "pending",
};

/** `code`: what the buyer used, or what the shop's people set later; null for nobody. */
export function expect(order: ShopOrder, code: string | null): Worth {
  const stage = order.status === null ? "void" : (STAGES[order.status] ?? "void");
  const nets = new Map(order.lines.map(({ id, total }) => [id, minorOf(total)]));
  return worthOf({ stage, code, nets, back: givenBack(order, nets) });
}

/** The same for all orders of a suite that the shop's tables hold. */
export function expectAll(orders: readonly ShopOrder[], codes: Codes): Expected[] {
  return orders.map((order) => ({
    id: order.id,
    isGone: order.status === null,
    worth: expect(order, codes.get(order.id) ?? null),
  }));
}

/** By line: what names a line first, then money that names none, in proportion to what is left of the order. */
function givenBack({ total, refunds }: ShopOrder, nets: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const whole = minorOf(total);
  const money = sum(refunds.map(({ amount }) => minorOf(amount)));
  if (refunds.length > 0 && money >= whole) return new Map(nets);
  const named = refunds.flatMap(({ lines }) => lines);
  const back = new Map<string, bigint>();
  for (const { id, total: net } of named) back.set(id, least((back.get(id) ?? 0n) + minorOf(net), nets.get(id) ?? 0n));
  const namedGross = sum(named.map((line) => minorOf(line.total) + minorOf(line.tax)));
  const loose = money - namedGross;
  const left = [...nets].map(([id, net]) => [id, net - (back.get(id) ?? 0n)] as const);
  const share = loose <= 0n ? 0n : halfUp(sum(left.map(([, net]) => net)) * loose, whole - namedGross);
  for (const [id, part] of largestRemainder(share, left)) back.set(id, (back.get(id) ?? 0n) + part);
  return back;
}
