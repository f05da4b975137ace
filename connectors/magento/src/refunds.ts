import { lessenNets, type OrderLine, type Refund } from "@upline/core";
import { itemsLike, type LinkedDocument } from "./documents.ts";
import type { RestOrder } from "./payloads.ts";
import { exact, headerWorth, moneyItems, rowNet, sumByItem, toMinor } from "./rows.ts";

/**
 * The credit memos of an order, oldest first. A memo gives back the net of its items. Its adjustments name no item:
 * what is given on top is money like any other goodwill, spread over what is left; a fee that is kept is no sale, so
 * that the goods are back all the same, and paying it out later takes nothing more.
 */
export function refundsOf(memos: readonly LinkedDocument[], order: RestOrder, lines: readonly OrderLine[]): Refund[] {
  const oldestFirst = [...memos].sort(
    (a, b) =>
      Date.parse(a.created_at) - Date.parse(b.created_at) ||
      a.entity_id.length - b.entity_id.length ||
      (a.entity_id < b.entity_id ? -1 : 1),
  );
  let kept = 0n;
  return oldestFirst.map((memo) => {
    const { givenMinor, keptMinor } = adjustmentOf(memo, order);
    kept += keptMinor;
    const settled = smaller(givenMinor, kept);
    kept -= settled;
    return refundOf({ memo, order, lines, looseMinor: givenMinor - settled, owedMinor: keptMinor - settled });
  });
}

interface Memo {
  readonly memo: LinkedDocument;
  readonly order: RestOrder;
  readonly lines: readonly OrderLine[];
  readonly looseMinor: bigint;
  /** What this memo keeps of its goods, less what it pays out of what was kept before. */
  readonly owedMinor: bigint;
}

function refundOf({ memo, order, lines, looseMinor, owedMinor }: Memo): Refund {
  const minor = (units: bigint) => toMinor(units, order.base_currency_code);
  const { nets, loweringMinor } = netsOf(memo, order, lines);
  const unlinked = unlinkedOf(memo, order, lines);
  const lostMinor = sum(unlinked.map(({ grossMinor }) => grossMinor));
  const grandMinor = positive(minor(exact(memo.base_grand_total)));
  const proratedMinor = looseMinor + lostMinor;
  const amountMinor = larger(grandMinor, proratedMinor);
  const namedMinor = larger(amountMinor - proratedMinor + owedMinor, minor(headerWorth(memo)) - lostMinor);
  return {
    refundId: memo.entity_id,
    at: memo.created_at,
    amountMinor,
    lines: [...lessenNets(nets, loweringMinor)].map(([lineId, netMinor]) => ({ lineId, netMinor })),
    proratedMinor,
    detail: "full",
    ...(unlinked.length === 0 ? {} : { unlinked }),
    ...(namedMinor === amountMinor - proratedMinor ? {} : { namedMinor }),
  };
}

/** By line, and what rows below zero take off them: such a row has lowered the order, and comes back with its goods. */
function netsOf(memo: LinkedDocument, order: RestOrder, lines: readonly OrderLine[]) {
  const byId = new Map(order.items.map((item) => [item.item_id, item]));
  const sums = sumByItem(moneyItems(memo.items, (row) => byId.get(row.order_item_id)));
  const nets = new Map<string, bigint>();
  let loweringMinor = 0n;
  for (const { lineId } of lines) {
    const units = sums.get(lineId)?.netUnits;
    if (units === undefined) continue;
    const netMinor = toMinor(units, order.base_currency_code);
    if (netMinor < 0n) loweringMinor -= netMinor;
    nets.set(lineId, positive(netMinor));
  }
  return { nets, loweringMinor };
}

/** Rows that have lost their order item: their own net counts, taken from the lines that they may be. */
function unlinkedOf(memo: LinkedDocument, order: RestOrder, lines: readonly OrderLine[]): NonNullable<Refund["unlinked"]> {
  const known = new Set(lines.map(({ lineId }) => lineId));
  return memo.lost.flatMap((row) => {
    const units = rowNet(row);
    if (row.base_row_total == null || units <= 0n) return [];
    const lineIds = itemsLike(row, order).flatMap(({ item_id }) => (known.has(item_id) ? [item_id] : []));
    const currency = order.base_currency_code;
    return [{ lineIds, netMinor: toMinor(units, currency), grossMinor: toMinor(units + exact(row.base_tax_amount), currency) }];
  });
}

/** What a memo gives beyond its items, or keeps of them. One that names nothing at all gives its whole total but shipping. */
function adjustmentOf(memo: LinkedDocument, order: RestOrder): { givenMinor: bigint; keptMinor: bigint } {
  const { base_adjustment: net, base_adjustment_positive: given, base_adjustment_negative: kept } = memo;
  const tells = given != null || kept != null || net != null;
  const namesNothing = [...memo.items, ...memo.lost].every((row) => exact(row.base_row_total ?? "0") === 0n);
  const shipping = exact(memo.base_shipping_amount) + exact(memo.base_shipping_tax_amount);
  const units = tells
    ? given != null || kept != null
      ? exact(given ?? "0") - magnitude(exact(kept ?? "0"))
      : exact(net ?? "0")
    : namesNothing
      ? exact(memo.base_grand_total) - shipping
      : 0n;
  const minor = toMinor(units, order.base_currency_code);
  return { givenMinor: positive(minor), keptMinor: positive(-minor) };
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

const positive = (value: bigint): bigint => (value > 0n ? value : 0n);

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
