import type { Plan } from "@upline/core";
import { type OpenCeiling, payoutCeiling } from "@upline/core/engine";
import { divideFloor, divideHalfUp, type Ratio } from "@upline/core/money";
import { z } from "zod";

/**
 * What a run pays against the ceiling that is proven of its plan (`packages/core/src/plan/ceiling.ts`): of the bonuses of this close alone, because what
 * orders paid at their own time is bounded by the rest of it. Exact: minor units and fractions, no floats. Amounts without a bound by share
 * (fixed ones, and a match on these) stand beside it and are not compared.
 */
export interface Payout {
  /** What the bonuses pay that have a bound by share, and the others; minor units. */
  readonly boundedMinor: bigint;
  readonly fixedMinor: bigint;
  /** What the bounded ones can pay at most of this run's CV and net, cut down to a minor unit; null where that is not proven. */
  readonly atMostMinor: bigint | null;
  /** Per cent of CV, two decimals; null where there is no CV. */
  readonly shares: { readonly bounded: string; readonly fixed: string; readonly atMost: string | null } | null;
  readonly ofCv: Ratio | null;
  readonly ofNet: Ratio | null;
  readonly state: PayoutState;
  /** Bonuses without any bound, and why. */
  readonly open: readonly (OpenCeiling & { readonly bonusId: string; readonly why: string })[];
  readonly fixedBonuses: readonly string[];
}

/**
 * `above` is more than rounding can explain: each amount is rounded by itself, which half a minor unit for each may come of; up to one for
 * each payee is called `rounding`. `no-net` is a run of an earlier version, which did not keep the net that a part of the ceiling is a share of.
 */
export const PAYOUT_STATES = ["within", "rounding", "above", "unproven", "no-net"] as const;
export type PayoutState = (typeof PAYOUT_STATES)[number];

const minor = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt);
const runTotals = z.object({
  cvMinor: minor,
  netMinor: minor.optional(),
  bonuses: z.array(z.object({ bonus: z.string(), paidMinor: minor, payees: z.int() })),
});

/** Of a run's totals as they were written down; null where they are none that this version can read. */
export function payoutOf(plan: Plan, totals: unknown): Payout | null {
  const read = runTotals.safeParse(totals).data;
  if (read === undefined) return null;
  const { cvMinor, netMinor, bonuses } = read;
  const { fixed, open, ofCv, ofNet } = ceilingOf(
    plan,
    bonuses.map(({ bonus }) => bonus),
  );
  const paid = (which: (bonus: string) => boolean) =>
    bonuses.reduce((sum, { bonus, paidMinor }) => (which(bonus) ? sum + paidMinor : sum), 0n);
  const boundedMinor = paid((bonus) => !fixed.has(bonus));
  const fixedMinor = paid((bonus) => fixed.has(bonus));
  const shared = { boundedMinor, fixedMinor, ofCv, ofNet, fixedBonuses: [...fixed] };
  const shares = (most: Ratio | null) => sharesOf({ cvMinor, boundedMinor, fixedMinor, most });
  if (ofCv === null || ofNet === null) return { ...shared, atMostMinor: null, shares: shares(null), state: "unproven", open };
  if (netMinor === undefined && ofNet.num !== 0n)
    return { ...shared, atMostMinor: null, shares: shares(null), state: "no-net", open: [] };
  const most = {
    num: ofCv.num * cvMinor * ofNet.den + ofNet.num * (netMinor ?? 0n) * ofCv.den,
    den: ofCv.den * ofNet.den,
  };
  const payees = bonuses.reduce((sum, { bonus, payees: people }) => (fixed.has(bonus) ? sum : sum + BigInt(people)), 0n);
  const over = boundedMinor * most.den - most.num;
  const state = over <= 0n ? "within" : over <= payees * most.den ? "rounding" : "above";
  return { ...shared, atMostMinor: divideFloor(most.num, most.den), shares: shares(most), state, open: [] };
}

interface CloseCeiling extends Pick<Payout, "ofCv" | "ofNet" | "open"> {
  readonly fixed: ReadonlySet<string>;
}

/** By plan and by the bonuses of a close: of many runs of one plan it is worked out once. */
const ceilings = new WeakMap<Plan, Map<string, CloseCeiling>>();

/** The ceiling of these bonuses, those with fixed amounts left out. */
function ceilingOf(plan: Plan, bonuses: readonly string[]): CloseCeiling {
  const known = ceilings.get(plan) ?? new Map<string, CloseCeiling>();
  ceilings.set(plan, known);
  const key = JSON.stringify(bonuses);
  const found = known.get(key) ?? workOut(plan, new Set(bonuses));
  known.set(key, found);
  return found;
}

function workOut(plan: Plan, own: ReadonlySet<string>): CloseCeiling {
  const all = payoutCeiling(plan, (id) => own.has(id)).bonuses;
  const fixed = new Set(all.flatMap(({ bonusId, of }) => (of === "fixed" ? [bonusId] : [])));
  const { ofCv, ofNet } = payoutCeiling(plan, (id) => own.has(id) && !fixed.has(id));
  const open = all.flatMap(({ bonusId, share, why, open: because }) =>
    share === null && because !== undefined && !fixed.has(bonusId) ? [{ ...because, bonusId, why }] : [],
  );
  return { fixed, open, ofCv, ofNet };
}

/** Of what is paid rounded half up, of what may be paid cut upward, so that neither makes a run look better than it is. */
function sharesOf(of: { cvMinor: bigint; boundedMinor: bigint; fixedMinor: bigint; most: Ratio | null }): Payout["shares"] {
  const { cvMinor, boundedMinor, fixedMinor, most } = of;
  if (cvMinor <= 0n) return null;
  const half = (paidMinor: bigint) => hundredths(divideHalfUp(10_000n * paidMinor, cvMinor));
  const atMost = most === null ? null : hundredths(-divideFloor(-10_000n * most.num, most.den * cvMinor));
  return { bounded: half(boundedMinor), fixed: half(fixedMinor), atMost };
}

/** A fraction as per cent, four decimals at most, cut upward: "15", "16.6667". */
export function percentText({ num, den }: Ratio): string {
  const units = -divideFloor(-1_000_000n * num, den);
  const rest = (units % 10_000n).toString().padStart(4, "0").replace(/0+$/, "");
  return `${units / 10_000n}${rest === "" ? "" : `.${rest}`}`;
}

function hundredths(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(3, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
