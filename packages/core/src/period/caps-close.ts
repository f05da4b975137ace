import { allocate, parseDecimal } from "../money.ts";
import type { PlanCap } from "../plan/caps.ts";
import { byRank } from "../plan/rates.ts";
import type { CloseContext } from "./context.ts";
import { amountIn } from "./input.ts";
import type { BonusSum } from "./till.ts";

/** What one cap of the plan cut off, minor units. */
export interface CapHit {
  readonly capNo: number;
  readonly kind: PlanCap["kind"];
  readonly cutMinor: number;
  readonly distributors: number;
}

/** Enforces the plan's caps in their order on the sums of a close. Section 8. */
export function enforceCaps(context: CloseContext, sums: readonly BonusSum[]): CapHit[] {
  return (context.input.plan.caps ?? []).map((cap, capNo) => {
    const taken = sums.filter((sum) => cap.bonuses === undefined || cap.bonuses.includes(sum.bonusId));
    const hit = cap.kind === "distributor" ? capDistributors(cap, context, taken) : capCompany(cap, context, taken);
    return { capNo, kind: cap.kind, ...hit };
  });
}

type Hit = { readonly cutMinor: number; readonly distributors: number };

function capDistributors(cap: PlanCap & { kind: "distributor" }, context: CloseContext, sums: readonly BonusSum[]): Hit {
  const atMostOf = byRank(cap.atMost, context.input.plan.ranks);
  let cutMinor = 0;
  let distributors = 0;
  for (let no = 0; no < context.input.network.count; no++) {
    const amount = atMostOf(context.rank[no] as number);
    if (amount === undefined) continue;
    const atMost = amountIn(amount, context.input.currency);
    const earned = sums.reduce((all, sum) => all + (sum.amounts[no] as number), 0);
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
    const taken = Math.min(left, sum.amounts[no] as number);
    sum.amounts[no] = (sum.amounts[no] as number) - taken;
    left -= taken;
  }
}

function shareOut(sums: readonly BonusSum[], no: number, atMost: bigint): void {
  const parts = allocate(
    atMost,
    sums.map((sum) => ({ key: sum.bonusId, weight: BigInt(sum.amounts[no] as number) })),
  );
  for (const sum of sums) sum.amounts[no] = Number(parts.get(sum.bonusId) ?? 0n);
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

function companyLimit(cap: PlanCap & { kind: "company" }, context: CloseContext): bigint {
  if (cap.atMost.by === "amount") return BigInt(amountIn(cap.atMost.amount, context.input.currency));
  const share = parseDecimal(cap.atMost.share);
  return (context.cvMinor(null) * share.num) / share.den;
}

function totalOf(sum: BonusSum): bigint {
  let total = 0n;
  let chunk = 0;
  for (const amount of sum.amounts) {
    chunk += amount;
    if (chunk > 2 ** 52) {
      total += BigInt(chunk);
      chunk = 0;
    }
  }
  return total + BigInt(chunk);
}

function payees(sums: readonly BonusSum[]): number {
  let count = 0;
  for (let no = 0; no < (sums[0]?.amounts.length ?? 0); no++) if (sums.some((sum) => (sum.amounts[no] as number) > 0)) count++;
  return count;
}

/** Everyone's amounts in proportion; spare units by largest remainder, ties by bonus and id. */
function scaleTo(context: CloseContext, sums: readonly BonusSum[], atMost: bigint): void {
  const parts: { key: string; weight: bigint }[] = [];
  const at = new Map<string, [BonusSum, number]>();
  for (const sum of sums) {
    for (let no = 0; no < sum.amounts.length; no++) {
      if ((sum.amounts[no] as number) <= 0) continue;
      const key = `${sum.bonusId}:${context.key(no)}`;
      parts.push({ key, weight: BigInt(sum.amounts[no] as number) });
      at.set(key, [sum, no]);
    }
  }
  if (parts.length === 0) return;
  for (const [key, amount] of allocate(atMost, parts)) {
    const [sum, no] = at.get(key) as [BonusSum, number];
    sum.amounts[no] = Number(amount);
  }
}

function scaleLastFirst(context: CloseContext, sums: readonly BonusSum[], cut: bigint): void {
  let left = cut;
  for (const sum of [...sums].reverse()) {
    const own = totalOf(sum);
    const taken = smaller(left, own);
    if (taken > 0n) scaleTo(context, [sum], own - taken);
    left -= taken;
  }
}

/** Distributors in the order of their ids until the sum is used up; within one, bonuses as the plan lists them. */
function stopAt(context: CloseContext, sums: readonly BonusSum[], atMost: bigint): void {
  let left = atMost;
  const numbers = Array.from({ length: context.input.network.count }, (_, no) => no);
  numbers.sort((a, b) => (context.key(a) < context.key(b) ? -1 : 1));
  for (const no of numbers) {
    for (const sum of sums) {
      const own = BigInt(sum.amounts[no] as number);
      const paid = smaller(own, left);
      sum.amounts[no] = Number(paid);
      left -= paid;
    }
  }
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
