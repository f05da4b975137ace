/**
 * What each order has to be worth, worked out by the suite itself: from the stand-in's own order and from the company's plan,
 * as a person would do it with pencil and paper. Nothing here comes from the hub, and nothing of the hub's is used.
 */
import { OWNERS, RATES_PER_MILLE, SPONSORS } from "../standin/demo-company.ts";
import { financialStatus, lineNet, type Order, totalsOf } from "../standin/order.ts";

export interface Worth {
  readonly stage: "pending" | "earned" | "void";
  /** The distributor whose order it is. */
  readonly owner: string | null;
  readonly net: bigint;
  readonly refunded: bigint;
  /** What everybody has of it, by `level distributor`. */
  readonly earned: ReadonlyMap<string, bigint>;
}

/** `code`: what the buyer came by, as the suite knows because it sent them; null for nobody. */
export function worthOf(order: Order, code: string | null): Worth {
  const owner = code === null ? null : (OWNERS[code] ?? null);
  const stage = stageOf(order);
  const nets = new Map(order.lines.map((line) => [line.id, line.giftCard || line.tip ? 0n : lineNet(order, line)]));
  const back = givenBack(order, nets);
  const earned = new Map<string, bigint>();
  if (stage === "earned") {
    for (const [lineId, net] of nets) {
      for (const [level, distributor] of uplineOf(owner)) {
        const original = halfUp(net * (RATES_PER_MILLE[level - 1] ?? 0n), 1000n);
        const kept = original - (net === 0n ? 0n : halfUp(original * (back.get(lineId) ?? 0n), net));
        const share = `${level} ${distributor}`;
        if (kept !== 0n) earned.set(share, (earned.get(share) ?? 0n) + kept);
      }
    }
  }
  return { stage, owner, net: sum(nets.values()), refunded: sum(back.values()), earned };
}

/** What everybody earns by each line before anything comes back, as screens list it. */
export function originals(order: Order, code: string): bigint[] {
  const upline = uplineOf(OWNERS[code] ?? null);
  const goods = order.lines.filter(({ giftCard, tip }) => !giftCard && !tip);
  return goods.flatMap((line) =>
    upline.map(([level]) => halfUp(lineNet(order, line) * (RATES_PER_MILLE[level - 1] ?? 0n), 1000n)),
  );
}

function stageOf(order: Order): Worth["stage"] {
  const status = financialStatus(order);
  if (order.test || order.cancelledAt !== null || status === "voided") return "void";
  return status === "pending" || status === "authorized" || status === "partially_paid" ? "pending" : "earned";
}

function uplineOf(owner: string | null): [level: number, distributor: string][] {
  const upline: [number, string][] = [];
  for (let id = owner; id !== null && upline.length < RATES_PER_MILLE.length; id = SPONSORS[id] ?? null) {
    upline.push([upline.length + 1, id]);
  }
  return upline;
}

/**
 * By line: what refunds name, without its tax; then money that names no line, in proportion to what is left of the nets and
 * of all that was paid. Money that is still on its way counts nothing.
 */
function givenBack(order: Order, nets: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const back = new Map([...nets.keys()].map((id) => [id, 0n]));
  let named = 0n;
  let loose = 0n;
  for (const refund of order.refunds) {
    if (refund.transactions.some(({ status }) => status !== "success")) continue;
    for (const { lineId, subtotal, tax } of refund.lines) {
      const net = order.taxesIncluded ? subtotal - tax : subtotal;
      if (nets.get(lineId) !== 0n) back.set(lineId, (back.get(lineId) ?? 0n) + net);
      named += order.taxesIncluded ? subtotal : subtotal + tax;
    }
    named += order.taxesIncluded ? refund.shipping : refund.shipping + refund.shippingTax;
    for (const { kind, amount } of refund.adjustments) if (kind === "refund_discrepancy" && amount < 0n) loose -= amount;
  }
  const left = [...nets].map(([id, net]) => [id, net - (back.get(id) ?? 0n)] as const);
  const share = loose === 0n ? 0n : halfUp(sum(left.map(([, net]) => net)) * loose, totalsOf(order).total - named);
  for (const [id, part] of inProportion(share, left)) back.set(id, (back.get(id) ?? 0n) + part);
  return back;
}

/** Parts of an amount by weights, which sum to it: the largest remainders get the units that are left over. */
function inProportion(amount: bigint, weights: readonly (readonly [string, bigint])[]): Map<string, bigint> {
  const whole = sum(weights.map(([, weight]) => weight));
  if (amount <= 0n || whole === 0n) return new Map();
  const parts = weights.map(([id, weight]) => ({ id, part: (amount * weight) / whole, rest: (amount * weight) % whole }));
  let missing = amount - sum(parts.map(({ part }) => part));
  for (const row of [...parts].sort((one, other) => (other.rest > one.rest ? 1 : -1))) {
    if (missing === 0n) break;
    row.part += 1n;
    missing -= 1n;
  }
  return new Map(parts.map(({ id, part }) => [id, part]));
}

const halfUp = (amount: bigint, by: bigint): bigint => (2n * amount + by) / (2n * by);

export const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((whole, amount) => whole + amount, 0n);
