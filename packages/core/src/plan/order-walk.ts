import type { CommissionableLine, CommissionEntry, CommissionInput, UplineDistributor, WalkStep } from "../commission.ts";
import { formatAmount, multiplyRatio, type Ratio } from "../money.ts";
import type { CompiledPlan } from "./compile.ts";
import { formatVolume, minorPerVolumeUnit } from "./parts.ts";
import type { Rate } from "./rates.ts";
import { divideRounded } from "./rounding.ts";

/** Why a distributor cannot earn now: not in an earning status, or short of the period's personal volume. */
export type Inactivity = "status" | "pv";

/** A distributor of the upline with what the plan makes of them. */
export interface Candidate {
  readonly distributor: UplineDistributor;
  readonly rankNo: number;
  readonly inactive: Inactivity | null;
}

export interface Payment {
  readonly bonusId: string;
  readonly lineId: string;
  readonly level: number;
  readonly base: Ratio;
  readonly rate: Rate;
}

/** One order on its way through the bonuses: collects entries and steps, rounds each amount once. */
export class OrderWalk {
  readonly input: CommissionInput;
  readonly compiled: CompiledPlan;
  readonly entries: CommissionEntry[] = [];
  readonly steps: WalkStep[] = [];
  readonly candidates: readonly Candidate[];
  readonly #perVolumeUnit: Ratio;

  constructor(input: CommissionInput, compiled: CompiledPlan) {
    this.input = input;
    this.compiled = compiled;
    this.candidates = input.upline.map((distributor) => compiled.judge(distributor));
    this.#perVolumeUnit = minorPerVolumeUnit(compiled.cvRate(input.market), input.currency);
  }

  /** What a bonus is computed on for a line, in minor units, exact: its CV in money, or its net. */
  baseOf(line: CommissionableLine, base: "cv" | "net", baseRate: Ratio): Ratio {
    if (base === "net") return { num: line.netMinor * baseRate.num, den: baseRate.den };
    const factor = this.compiled.cvFactor(line.commissionClass);
    const money = { num: line.cv * this.#perVolumeUnit.num, den: this.#perVolumeUnit.den };
    return multiplyRatio(factor === null ? money : multiplyRatio(money, factor), baseRate);
  }

  /** Books a commission, or breakage where `earner` is null. An amount that rounds to zero leaves a step and no entry. */
  pay(payment: Payment, earner: Candidate | null, outcome: string, more: Readonly<Record<string, string>> = {}): void {
    const { bonusId, lineId, level, base, rate } = payment;
    const amountMinor = divideRounded(base.num * rate.ratio.num, base.den * rate.ratio.den, this.compiled.plan.rounding);
    const earnerId = earner?.distributor.distributorId ?? null;
    const currency = this.input.currency;
    const facts = {
      rate: rate.text,
      amount: formatAmount(amountMinor, currency),
      currency,
      base: this.#money(base),
      ...this.rankFact(earner),
      ...more,
    };
    this.step(payment, earnerId, amountMinor === 0n && outcome.startsWith("paid") ? "rounded-to-zero" : outcome, facts);
    if (amountMinor === 0n) return;
    const entryKey = `${bonusId}:${lineId}:${level}:${earnerId ?? "company"}`;
    this.entries.push({ entryKey, bonusId, lineId, level, earner: earnerId, amountMinor, rate: rate.ratio, base });
  }

  step(
    at: { bonusId: string; lineId: string; level: number },
    distributorId: string | null,
    outcome: string,
    facts: Readonly<Record<string, string>>,
  ): void {
    this.steps.push({ bonusId: at.bonusId, lineId: at.lineId, distributorId, level: at.level, outcome, facts });
  }

  /** The numbers behind a distributor's inactivity. */
  inactivityFacts(candidate: Candidate): Record<string, string> {
    if (candidate.inactive === "status") return { status: candidate.distributor.status };
    const needed = this.compiled.minimumPv;
    const had = candidate.distributor.periodPv ?? 0n;
    return {
      neededPv: formatVolume(needed),
      hadPv: formatVolume(had),
      shortPv: formatVolume(needed - had),
      ...this.rankFact(candidate),
    };
  }

  rankFact(candidate: Candidate | null): Record<string, string> {
    return candidate === null ? {} : { rank: this.compiled.rankName(candidate.rankNo) };
  }

  #money(base: Ratio): string {
    return formatAmount(divideRounded(base.num, base.den, "half-up"), this.input.currency);
  }
}
