import { allocate, divideHalfUp } from "./money.ts";
import type { OrderLine, OrderState, Refund } from "./order.ts";

/**
 * The commissionable net of a line, for every platform: price × quantity − its share of discounts −
 * included tax. Gift cards, tips and fees have none; tax on top and shipping are never in a line.
 */
export function netOfLine(line: OrderLine): bigint {
  if (line.kind !== "product") return 0n;
  const net = line.grossMinor - line.discountMinor - line.includedTaxMinor;
  return net > 0n ? net : 0n;
}

/**
 * How much of each line's net has been given back, by line id: refunds with lines take their own
 * figures; what names no line is spread over what is left, in proportion, oldest refund first.
 * Never more than the line's net, and a refund of all that was left takes all that was left.
 */
export function refundedNet(state: Pick<OrderState, "lines" | "refunds" | "totalMinor">): Map<string, bigint> {
  const left = new Map(state.lines.map((line) => [line.lineId, netOfLine(line)]));
  const back = new Map(state.lines.map((line) => [line.lineId, 0n]));
  // Whoever got everything back got every line back, however the refunds split net and tax to the cent.
  const given = state.refunds.reduce((sum, one) => sum + one.amountMinor, 0n);
  if (given > 0n && given >= state.totalMinor) return left;
  let leftOfTotal = state.totalMinor;
  for (const one of [...state.refunds].sort(byTimeThenId)) {
    for (const { lineId, netMinor } of one.lines) take(left, back, lineId, netMinor);
    leftOfTotal -= one.amountMinor - one.proratedMinor;
    if (one.proratedMinor > 0n) spread(left, back, one.proratedMinor, leftOfTotal);
    leftOfTotal -= one.proratedMinor;
  }
  return back;
}

function byTimeThenId(a: Refund, b: Refund): number {
  const byTime = Date.parse(a.at) - Date.parse(b.at);
  if (byTime !== 0) return byTime;
  return a.refundId.length - b.refundId.length || (a.refundId < b.refundId ? -1 : 1);
}

function take(left: Map<string, bigint>, back: Map<string, bigint>, lineId: string, wanted: bigint): void {
  const rest = left.get(lineId);
  if (rest === undefined) return;
  const taken = wanted < rest ? wanted : rest;
  left.set(lineId, rest - taken);
  back.set(lineId, (back.get(lineId) ?? 0n) + taken);
}

function spread(left: Map<string, bigint>, back: Map<string, bigint>, amountMinor: bigint, ofMinor: bigint): void {
  const netLeft = [...left.values()].reduce((sum, rest) => sum + rest, 0n);
  const all = ofMinor <= 0n || amountMinor >= ofMinor;
  const share = all ? netLeft : divideHalfUp(netLeft * amountMinor, ofMinor);
  if (share === 0n) return;
  const parts = allocate(
    share,
    [...left].map(([key, weight]) => ({ key, weight })),
  );
  for (const [lineId, part] of parts) take(left, back, lineId, part);
}
