/**
 * What an order has to be worth to everybody, worked out by the suites themselves from the company's plan. Nothing here comes
 * from the hub or from what shops install, and nothing of theirs is used.
 */
import { OWNERS, RATES_PER_MILLE, SPONSORS } from "./company.ts";

export interface Worth {
  readonly stage: "pending" | "earned" | "void";
  /** The distributor whose order it is. */
  readonly owner: string | null;
  readonly netMinor: bigint;
  readonly refundedMinor: bigint;
  /** What everybody has of it, by `level distributor`. */
  readonly earned: ReadonlyMap<string, bigint>;
}

/** What a platform's suite has read from its shop's own tables. */
export interface Sold {
  readonly stage: Worth["stage"];
  /** What the buyer used, or what the shop's people set later; null for nobody. */
  readonly code: string | null;
  /** By line: after discounts, without tax. */
  readonly nets: ReadonlyMap<string, bigint>;
  /** By line: what was given back of it. */
  readonly back: ReadonlyMap<string, bigint>;
}

export function worthOf({ stage, code, nets, back }: Sold): Worth {
  const owner = code === null ? null : (OWNERS[code] ?? null);
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

/** Parts of an amount in proportion to weights, which sum to it. */
export function largestRemainder(amount: bigint, weights: readonly (readonly [string, bigint])[]): Map<string, bigint> {
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
export function halfUp(amount: bigint, by: bigint): bigint {
  return (2n * amount + by) / (2n * by);
}

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export function sum(amounts: Iterable<bigint>): bigint {
  return [...amounts].reduce((whole, amount) => whole + amount, 0n);
}
