import { allocate } from "../money.ts";
import type { BinaryBonus } from "../plan/binary.ts";
import { ownRow } from "../plan/own-rates.ts";
import { byRank } from "../plan/rates.ts";
import { Carrying } from "./binary-carry.ts";
import { carryCapOf, eligibility, payOfPosition } from "./binary-pay.ts";
import { type SideVolumes, sidesOf, sideVolumes } from "./binary-sides.ts";
import type { CloseContext } from "./context.ts";
import { amountIn, type BinaryCarry } from "./input.ts";
import { NO_PAIRING, type Pairing, pairInTurn } from "./pairing.ts";
import type { BonusSum } from "./till.ts";

/** What a binary close leaves and shows besides the amounts; `left` and `right` are before anything carried. */
export interface BinaryOutcome extends SideVolumes {
  readonly carry: BinaryCarry;
  /** What was paid on: volume, or a number of cycles; of several rules, by those that count what the first does. */
  readonly matched: Float64Array;
  readonly counts: "volume" | "cycles";
  readonly usedLeft: Float64Array;
  readonly usedRight: Float64Array;
  /** What position and owner caps cut off, minor units. */
  readonly cutMinor: number;
}

/** Pairs every position of a placement tree for one period. Closes must run one after the other, each on the carry of the one before. */
export function closeBinary(bonus: BinaryBonus, context: CloseContext, sum: BonusSum): BinaryOutcome {
  const { network, plan } = context.input;
  const { count } = network;
  const carried = context.input.carried.binary[bonus.id] ?? { left: [], right: [] };
  const sides = sideVolumes(bonus, context, carried);
  const carrying = new Carrying(bonus, carried, count);
  const column = (): Float64Array => new Float64Array(count);
  const out = {
    carry: carrying.after,
    counts: bonus.pay.mode === "cycle" ? ("cycles" as const) : ("volume" as const),
    ...sides,
    ...{ matched: column(), usedLeft: column(), usedRight: column() },
  };
  const payOf = payOfPosition(bonus, context);
  const atMostOf = carryCapOf(bonus, context);
  const eligible = eligibility(bonus, context);
  const cut = column();
  for (let no = 0; no < count; no++) {
    const held = sidesOf(sides, carried, no);
    if (held.left === 0 && held.right === 0 && held.carriedLeft === 0 && held.carriedRight === 0) continue;
    const earns = eligible(no);
    const usesUp = earns || bonus.unqualifiedPairs === "used-up";
    const pairs = usesUp ? pairInTurn(held, payOf(no), plan.rounding) : NO_PAIRING;
    const pairing = earns ? pairs : unpaid(pairs);
    sum.add(no, no, 0, pairing.amountMinor);
    out.matched[no] = pairing.matched;
    out.usedLeft[no] = pairing.usedLeft;
    out.usedRight[no] = pairing.usedRight;
    cut[no] = pairing.cutMinor;
    const flushed = bonus.flushIfInactive && context.active[no] !== 1;
    const mode = flushed ? "flush" : usesUp ? bonus.remainder : "carry";
    carrying.keep({ no, held, pairing, mode, atMost: atMostOf(no) });
  }
  capOwners(bonus, context, sum, cut);
  context.cutByOwner.set(bonus.id, cut);
  return { ...out, cutMinor: cut.reduce((all, minor) => all + minor, 0) };
}

/** The pairs that somebody would have been paid for, used up and not paid. */
function unpaid({ usedLeft, usedRight }: Pairing): Pairing {
  return { ...NO_PAIRING, usedLeft, usedRight };
}

/** Owners of several positions: what exceeds their cap is taken off all of them pro rata, by largest remainder. */
function capOwners(bonus: BinaryBonus, context: CloseContext, sum: BonusSum, cut: Float64Array): void {
  const { positionOwner, count } = context.input.network;
  if (bonus.ownerCap === undefined) return;
  const capOf = byRank(bonus.ownerCap, context.input.plan.ranks);
  const capRow = ownRow(bonus.ownerCap);
  const positions = new Map<number, number[]>();
  for (let no = 0; no < count; no++) {
    if (sum.amounts[no] === 0) continue;
    const owner = positionOwner?.[no] ?? no;
    positions.set(owner, [...(positions.get(owner) ?? []), no]);
  }
  for (const [owner, own] of positions) {
    const cap = capOf(capRow(context.people, owner));
    if (cap === undefined) continue;
    const atMost = amountIn(cap, context.input.currency);
    const earned = own.reduce((all, no) => all + (sum.amounts[no] as number), 0);
    if (earned <= atMost) continue;
    const parts = allocate(
      BigInt(atMost),
      own.map((no) => ({ key: context.key(no), weight: BigInt(sum.amounts[no] as number) })),
    );
    for (const no of own) {
      const less = (sum.amounts[no] as number) - Number(parts.get(context.key(no)));
      cut[no] = (cut[no] as number) + less;
      sum.add(no, no, -1, -less);
    }
  }
}
