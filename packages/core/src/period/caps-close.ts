import { allocate, multiplyRatio, parseDecimal } from "../money.ts";
import type { PlanCap } from "../plan/caps.ts";
import { ownRow } from "../plan/own-rates.ts";
import { byRank } from "../plan/rates.ts";
import { cappedOrderBonuses } from "../plan/running-totals.ts";
import { float64At } from "../typed.ts";
import { type CloseContext, wholeSum } from "./context.ts";
import { floorAtZero } from "./exact.ts";
import { amountIn } from "./input.ts";
import { capRunningTotal } from "./running-total.ts";
import type { BonusSum } from "./till.ts";

/** What one cap of the plan cut off, minor units. */
export interface CapHit {
  readonly capNo: number;
  readonly kind: PlanCap["kind"];
  readonly cutMinor: number;
  readonly distributors: number;
}

/** Enforces the plan's caps in their order on the sums of a close, bonuses as the plan lists them. Section 8. */
export function enforceCaps(context: CloseContext, sums: readonly BonusSum[]): CapHit[] {
  const listed = context.input.plan.bonuses.flatMap(({ id }) => sums.filter((sum) => sum.bonusId === id));
  const { plan, calendar } = context.input;
  const atOrder = new Set(cappedOrderBonuses(plan, calendar));
  const ofClose = listed.filter((sum) => !atOrder.has(sum.bonusId));
  return (plan.caps ?? []).flatMap((cap, capNo) =>
    cap.calendar === calendar ? [{ capNo, kind: cap.kind, ...enforce(cap) }] : [],
  );

  function enforce(cap: PlanCap): Hit {
    if (cap.kind === "running-total") return capRunningTotal(cap, context, listed);
    // A part does not know what the company comes to.
    if (cap.kind === "company" && context.input.part !== undefined) return { cutMinor: 0, distributors: 0 };
    const taken = ofClose.filter((sum) => cap.bonuses === undefined || cap.bonuses.includes(sum.bonusId));
    return cap.kind === "distributor" ? capDistributors(cap, context, taken) : capCompany(cap, context, taken);
  }
}

export type Hit = { readonly cutMinor: number; readonly distributors: number };

function capDistributors(cap: PlanCap & { kind: "distributor" }, context: CloseContext, sums: readonly BonusSum[]): Hit {
  const atMostOf = byRank(cap.atMost, context.input.plan.ranks);
  const rowOf = ownRow(cap.atMost);
  let cutMinor = 0;
  let distributors = 0;
  for (let no = 0; no < context.input.network.count; no++) {
    const amount = atMostOf(rowOf(context.people, no));
    if (amount === undefined) continue;
    const atMost = amountIn(amount, context.input.currency);
    const earned = sums.reduce((all, sum) => all + float64At(sum.amounts, no), 0);
    if (earned <= atMost) continue;
    cutMinor += earned - atMost;
    distributors++;
    if (cap.enforcement === "priority") cutLastFirst(sums, no, earned - atMost);
    else shareOut(sums, no, BigInt(atMost));
  }
  return { cutMinor, distributors };
}

/** The bonus the plan lists last gives first. */
function cutLastFirst(sums: readonly BonusSum[], no: number, cut: number): void {
  let left = cut;
  for (const sum of [...sums].reverse()) {
    const taken = Math.min(left, Math.max(0, float64At(sum.amounts, no)));
    sum.amounts[no] = float64At(sum.amounts, no) - taken;
    left -= taken;
  }
}

/** What is owed back stands; what is paid is cut in proportion until all of it together is the cap. */
function shareOut(sums: readonly BonusSum[], no: number, atMost: bigint): void {
  const paying = sums.filter((sum) => float64At(sum.amounts, no) > 0);
  const owed = sums.reduce((all, sum) => all + Math.min(0, float64At(sum.amounts, no)), 0);
  const parts = allocate(
    atMost - BigInt(owed),
    paying.map((sum) => ({ key: sum.bonusId, weight: BigInt(float64At(sum.amounts, no)) })),
  );
  for (const sum of paying) sum.amounts[no] = Number(parts.get(sum.bonusId) ?? 0n);
}

function capCompany(cap: PlanCap & { kind: "company" }, context: CloseContext, sums: readonly BonusSum[]): Hit {
  const atMost = companyLimit(cap, context);
  const total = sums.reduce((all, sum) => all + totalOf(sum), 0n);
  if (total <= atMost) return { cutMinor: 0, distributors: 0 };
  const before = payees(sums);
  if (cap.enforcement === "hard-stop") stopAt(context, sums, atMost);
  else if (cap.enforcement === "pro-rata") scaleTo(context, sums, atMost);
  else scaleLastFirst(context, sums, total - atMost);
  return { cutMinor: Number(total - atMost), distributors: before };
}

/** Cut down, because a limit must not be passed, and never below nothing, whatever was returned. */
function companyLimit(cap: PlanCap & { kind: "company" }, context: CloseContext): bigint {
  if (cap.atMost.by === "amount") return BigInt(amountIn(cap.atMost.amount, context.input.currency));
  const share = parseDecimal(cap.atMost.share);
  const { num, den } = floorAtZero(multiplyRatio(context.companyCv(), share));
  return num / den;
}

const totalOf = (sum: BonusSum): bigint => wholeSum(sum.amounts);

/** What distributors owe back: no cap changes it. */
function owedOf(sum: BonusSum): bigint {
  let owed = 0n;
  for (const amount of sum.amounts) if (amount < 0) owed += BigInt(amount);
  return owed;
}

function payees(sums: readonly BonusSum[]): number {
  let count = 0;
  for (let no = 0; no < (sums[0]?.amounts.length ?? 0); no++) if (sums.some((sum) => float64At(sum.amounts, no) > 0)) count++;
  return count;
}

/** What is paid, in proportion, so that with what is owed back it comes to `atMost`; spare units by largest remainder, ties by bonus and id. */
function scaleTo(context: CloseContext, sums: readonly BonusSum[], atMost: bigint): void {
  const parts: { key: string; weight: bigint }[] = [];
  const entries = new Map<string, [BonusSum, number]>();
  for (const sum of sums) {
    for (let no = 0; no < sum.amounts.length; no++) {
      if (float64At(sum.amounts, no) <= 0) continue;
      const key = `${sum.bonusId}:${context.key(no)}`;
      parts.push({ key, weight: BigInt(float64At(sum.amounts, no)) });
      entries.set(key, [sum, no]);
    }
  }
  if (parts.length === 0) return;
  const owed = sums.reduce((all, sum) => all + owedOf(sum), 0n);
  for (const [key, amount] of allocate(atMost - owed, parts)) {
    const [sum, no] = entries.get(key) as [BonusSum, number];
    sum.amounts[no] = Number(amount);
  }
}

function scaleLastFirst(context: CloseContext, sums: readonly BonusSum[], cut: bigint): void {
  let left = cut;
  for (const sum of [...sums].reverse()) {
    const own = totalOf(sum);
    const taken = smaller(left, own - owedOf(sum));
    if (taken > 0n) scaleTo(context, [sum], own - taken);
    left -= taken;
  }
}

/** Distributors in the order of their ids until the sum is used up; within one, bonuses as the plan lists them. */
function stopAt(context: CloseContext, sums: readonly BonusSum[], atMost: bigint): void {
  let left = atMost - sums.reduce((all, sum) => all + owedOf(sum), 0n);
  const numbers = Array.from({ length: context.input.network.count }, (_, no) => no);
  numbers.sort((a, b) => (context.key(a) < context.key(b) ? -1 : 1));
  for (const no of numbers) {
    for (const sum of sums) {
      const own = BigInt(float64At(sum.amounts, no));
      if (own <= 0n) continue;
      const paid = smaller(own, left);
      sum.amounts[no] = Number(paid);
      left -= paid;
    }
  }
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
