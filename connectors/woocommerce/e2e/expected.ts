/**
 * What each order has to be worth, worked out by the suite itself: from the rows of the shop's database and from the
 * company's plan. Nothing here comes from the hub or from the plugin, and nothing of theirs is used.
 */
import { OWNERS, RATES_PER_MILLE, SPONSORS } from "./company.ts";

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

export interface Worth {
  readonly stage: "pending" | "earned" | "void";
  /** The distributor whose order it is. */
  readonly owner: string | null;
  readonly netMinor: bigint;
  readonly refundedMinor: bigint;
  /** What everybody has of it, by `level distributor`. */
  readonly earned: ReadonlyMap<string, bigint>;
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
  const owner = code === null ? null : (OWNERS[code] ?? null);
  const nets = new Map(order.lines.map(({ id, total }) => [id, minorOf(total)]));
  const back = givenBack(order, nets);
  const earned = new Map<string, bigint>();
  if (stage === "earned") {
    for (const [line, net] of nets) {
      for (const [level, distributor] of uplineOf(owner)) {
        const original = halfUp(net * (RATES_PER_MILLE[level - 1] ?? 0n), 1000n);
        const kept = original - (net === 0n ? 0n : halfUp(original * (back.get(line) ?? 0n), net));
        if (kept !== 0n) earned.set(`${level} ${distributor}`, (earned.get(`${level} ${distributor}`) ?? 0n) + kept);
      }
    }
  }
  return { stage, owner, netMinor: sum(nets.values()), refundedMinor: sum(back.values()), earned };
}

function uplineOf(owner: string | null): [level: number, distributor: string][] {
  const upline: [number, string][] = [];
  for (let no = owner; no !== null && upline.length < RATES_PER_MILLE.length; no = SPONSORS[no] ?? null) {
    upline.push([upline.length + 1, no]);
  }
  return upline;
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

/** Parts of an amount in proportion to weights, which sum to it. */
function largestRemainder(amount: bigint, weights: readonly (readonly [string, bigint])[]): Map<string, bigint> {
  const whole = sum(weights.map(([, weight]) => weight));
  if (amount <= 0n || whole === 0n) return new Map();
  const parts = weights.map(([id, weight]) => ({ id, part: (amount * weight) / whole, rest: (amount * weight) % whole }));
  let missing = amount - sum(parts.map(({ part }) => part));
  for (const row of [...parts].sort((a, b) => (b.rest > a.rest ? 1 : -1))) {
    if (missing === 0n) break;
    row.part += 1n;
    missing -= 1n;
  }
  return new Map(parts.map(({ id, part }) => [id, part]));
}

/** A decimal amount of a currency with two places, rounded half up, of any sign; refunds are written with either. */
export function minorOf(amount: string): bigint {
  const [, whole, decimals = ""] = amount.match(/^-?(\d+)(?:\.(\d+))?$/) ?? [];
  if (whole === undefined) throw new Error(`"${amount}" is no amount of money`);
  return BigInt(whole + decimals.padEnd(2, "0").slice(0, 2)) + (Number(decimals[2] ?? 0) >= 5 ? 1n : 0n);
}

/** Of two amounts that are not negative. */
function halfUp(amount: bigint, by: bigint): bigint {
  return (2n * amount + by) / (2n * by);
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export function sum(amounts: Iterable<bigint>): bigint {
  return [...amounts].reduce((whole, amount) => whole + amount, 0n);
}
