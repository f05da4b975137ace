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

/** What the goods of a line cost before discounts, without tax: the tax is in them as it is in what was paid. */
export function retailOfLine(line: OrderLine): bigint {
  const paidMinor = line.grossMinor - line.discountMinor;
  const netMinor = netOfLine(line);
  return netMinor === 0n ? 0n : divideHalfUp(line.grossMinor * netMinor, paidMinor);
}

/**
 * Takes an amount that lowers a whole order (points booked as a negative fee, a line of negative price) off its
 * lines, in proportion to their nets, largest remainder first. Never more than the lines are worth.
 */
export function lowerLines(lines: readonly OrderLine[], amountMinor: bigint): OrderLine[] {
  const nets = lines.map((line) => ({ key: line.lineId, weight: netOfLine(line) }));
  const whole = nets.reduce((sum, { weight }) => sum + weight, 0n);
  const lowered = smaller(amountMinor, whole);
  if (lowered <= 0n) return [...lines];
  const shares = allocate(lowered, nets);
  return lines.map((line) => {
    const share = shares.get(line.lineId) ?? 0n;
    return share === 0n ? line : { ...line, discountMinor: line.discountMinor + share };
  });
}

/** Nets given back by line, less what lowered the order and comes back with them, in proportion, largest remainder first. */
export function lessenNets(nets: ReadonlyMap<string, bigint>, byMinor: bigint): ReadonlyMap<string, bigint> {
  const less = smaller(byMinor, sum([...nets.values()]));
  if (less <= 0n) return nets;
  const shares = allocate(
    less,
    [...nets].map(([key, weight]) => ({ key, weight })),
  );
  return new Map([...nets].map(([lineId, netMinor]) => [lineId, netMinor - (shares.get(lineId) ?? 0n)]));
}

type Refunded = Pick<OrderState, "lines" | "refunds" | "totalMinor" | "worthMinor">;

/**
 * How much of each line's net has been given back, by line id. What names a line is taken from that line, exactly and
 * first; then goods whose line is not known, with their own net; then money that names nothing, spread over what is
 * left in proportion to what is left of the whole order. Neither the order of refunds nor how they were cut matters.
 * Totals decide nothing about lines: a total changes when lines are edited away or credit pays for a part.
 */
export function refundedNet(state: Refunded): Map<string, bigint> {
  // Of nearly every order nothing was given back, and this is asked of each several times.
  if (state.refunds.length === 0) return new Map(state.lines.map((line) => [line.lineId, 0n]));
  const refunds = onceEach(state.refunds);
  const book: Book = {
    left: new Map(state.lines.map((line) => [line.lineId, netOfLine(line)])),
    back: new Map(state.lines.map((line) => [line.lineId, 0n])),
  };
  const worthMinor = state.worthMinor ?? state.totalMinor;
  for (const { lines } of refunds) for (const { lineId, netMinor } of lines) take(book, lineId, netMinor);
  takeUnlinked(book, refunds);
  const namedMinor = sum(refunds.map((refund) => refund.namedMinor ?? refund.amountMinor - refund.proratedMinor));
  const unlinkedMinor = sum(refunds.flatMap(({ unlinked = [] }) => unlinked.map(({ grossMinor }) => grossMinor)));
  const looseMinor = sum(refunds.map(({ proratedMinor }) => proratedMinor)) - unlinkedMinor;
  spread(book, looseMinor, worthMinor - namedMinor - unlinkedMinor);
  if (namedMinor + unlinkedMinor + looseMinor >= worthMinor) takeRoundings(book, refunds);
  return book.back;
}

interface Book {
  readonly left: Map<string, bigint>;
  readonly back: Map<string, bigint>;
}

/** A document that is listed twice is one document; the order of the list does not matter. */
function onceEach(refunds: readonly Refund[]): Refund[] {
  const byId = new Map(refunds.map((refund) => [refund.refundId, refund]));
  return [...byId.values()].sort(
    (a, b) => a.refundId.length - b.refundId.length || (a.refundId < b.refundId ? -1 : a.refundId > b.refundId ? 1 : 0),
  );
}

function take({ left, back }: Book, lineId: string, wanted: bigint): void {
  const rest = left.get(lineId);
  if (rest === undefined) return;
  const taken = smaller(wanted, rest);
  left.set(lineId, rest - taken);
  back.set(lineId, (back.get(lineId) ?? 0n) + taken);
}

/** Takes an amount from the given lines in proportion to what is left of them; what they cannot bear is returned. */
function takeShares(book: Book, lineIds: readonly string[], wanted: bigint): bigint {
  const parts = lineIds.map((key) => ({ key, weight: book.left.get(key) ?? 0n }));
  const whole = sum(parts.map(({ weight }) => weight));
  const taken = smaller(wanted, whole);
  if (taken > 0n) for (const [lineId, part] of allocate(taken, parts)) take(book, lineId, part);
  return wanted - taken;
}

/** The narrowest choice of lines first, so that the answer does not depend on which document came first. */
function takeUnlinked(book: Book, refunds: readonly Refund[]): void {
  const wanted = new Map<string, { lineIds: string[]; netMinor: bigint }>();
  for (const { lineIds, netMinor } of refunds.flatMap(({ unlinked = [] }) => unlinked)) {
    const known = lineIds.filter((lineId) => book.left.has(lineId)).sort();
    const key = JSON.stringify(known);
    wanted.set(key, { lineIds: known, netMinor: (wanted.get(key)?.netMinor ?? 0n) + netMinor });
  }
  const narrowestFirst = [...wanted].sort(
    ([keyA, a], [keyB, b]) => a.lineIds.length - b.lineIds.length || (keyA < keyB ? -1 : 1),
  );
  const rests = narrowestFirst.map(([, { lineIds, netMinor }]) => takeShares(book, lineIds, netMinor));
  takeShares(book, [...book.left.keys()], sum(rests));
}

/** An amount never takes more net than itself, whatever the totals say: what is left is worth at least its net. */
function spread(book: Book, amountMinor: bigint, leftOfWhole: bigint): void {
  const netLeft = sum([...book.left.values()]);
  if (amountMinor <= 0n || netLeft === 0n) return;
  const wholeMinor = leftOfWhole > netLeft ? leftOfWhole : netLeft;
  const share = amountMinor >= wholeMinor ? netLeft : divideHalfUp(netLeft * amountMinor, wholeMinor);
  takeShares(book, [...book.left.keys()], share);
}

/** Where all of the order was given back, a unit that a line keeps per document that names it is a rounding between net and tax. */
function takeRoundings(book: Book, refunds: readonly Refund[]): void {
  const timesNamed = new Map<string, bigint>();
  for (const { lineId } of refunds.flatMap(({ lines }) => lines)) timesNamed.set(lineId, (timesNamed.get(lineId) ?? 0n) + 1n);
  for (const [lineId, times] of timesNamed) {
    const rest = book.left.get(lineId) ?? 0n;
    if (rest <= times) take(book, lineId, rest);
  }
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
