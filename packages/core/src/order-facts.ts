import type { Ratio } from "./money.ts";
import type { Plan } from "./plan/schema.ts";
import type { Reason } from "./reasons/reason.ts";

/** What an order-time computation is given, and what comes out of it. */

/** Volumes are integers in ten-thousandths, so that PV 12.5 is 125000n. */
export const VOLUME_SCALE = 10_000n;

/** A mapped order line: what it sold, in which commission class, with its volumes (ten-thousandths, for the whole line). */
export interface CommissionableLine {
  readonly lineId: string;
  readonly commissionClass: string;
  readonly quantity: number;
  readonly netMinor: bigint;
  readonly pv: bigint;
  readonly qv: bigint;
  readonly cv: bigint;
  /** Retail less wholesale of the line, where the SKU map knows both. */
  readonly retailMarginMinor: bigint | null;
  /** Price times quantity before discounts, without tax, for bonuses on retail; left out is net. */
  readonly retailMinor?: bigint;
  /** By bonus: what a close found that it is computed on here, minor units. Only where a close is told as walks of orders. */
  readonly bases?: Readonly<Record<string, Ratio>>;
}

/** A distributor as of the order's time. */
export interface UplineDistributor {
  readonly distributorId: string;
  readonly status: string;
  /** Rank id of the plan, or null for none. */
  readonly rank: string | null;
  /** Personal volume of the last closed period, ten-thousandths; null where no period was closed yet. */
  readonly periodPv: bigint | null;
  /** Highest rank ever held, as of the last close; only conditions and tables by title ask for it. Left out is none. */
  readonly title?: string | null;
  /** What the last close found of the measures that orders ask for, ten-thousandths; left out is 0. */
  readonly measures?: Readonly<Record<string, bigint>>;
  readonly enrolledAt: string;
  readonly country: string | null;
  /** Their place among those their sponsor enrolled, counted from 1; only pass-up bonuses ask for it. */
  readonly enrolmentNumber?: number | null;
}

export interface CommissionInput {
  readonly plan: Plan;
  readonly orderId: string;
  readonly placedAt: string;
  readonly currency: string;
  /** Of the plan's currency for one of the order's, where they differ; missing then is an error: such an order waits. */
  readonly exchangeRate?: string | undefined;
  /** Of the buyer: decides market-dependent rates. */
  readonly market: string | null;
  readonly buyer: "customer" | "self";
  /** Whether this is the buyer's first order (fast start). */
  readonly firstOrder: boolean;
  /** Whether it came of a subscription, the first or a renewal; left out is no. */
  readonly subscription?: boolean;
  /**
   * For plans whose pass-up counts sales: which sale this order is of the owner's sponsor, from 1, by commission class and
   * for "*" of all classes together; by the time of placing, then by order id. Missing where a plan asks for it is an error.
   */
  readonly saleNumbers?: Readonly<Record<string, number>>;
  readonly lines: readonly CommissionableLine[];
  /** The order's owner first, then upline nearest first, as of `placedAt`, up to the root or the plan's depth. */
  readonly upline: readonly UplineDistributor[];
  /** For bonuses on placement trees: by the tree's name the owner, then the upline in that tree, as of `placedAt`. */
  readonly placements?: Readonly<Record<string, readonly UplineDistributor[]>>;
  /** Whether the walk is told too; the entries alone otherwise. Left out, it is. */
  readonly explain?: boolean;
}

/** One commission: rounded once, per order line, bonus and earner. */
export interface CommissionEntry {
  /** Stable within the order whatever happens to it later: `${bonusId}:${lineId}:${level}:${earner}`. */
  readonly entryKey: string;
  readonly bonusId: string;
  readonly lineId: string;
  readonly level: number;
  /** Null is the company: breakage. */
  readonly earner: string | null;
  readonly amountMinor: bigint;
  readonly rate: Ratio;
  /** What the rate was applied to, in money (minor units, exact). */
  readonly base: Ratio;
}

/** One step of the walk up: who was looked at, and why they were paid or passed over. */
export interface WalkStep {
  readonly bonusId: string;
  readonly lineId: string;
  readonly distributorId: string | null;
  readonly level: number;
  readonly outcome: string;
  /** The numbers of the outcome, for the sentence: needed and actual volume, rank, rate. */
  readonly facts: Readonly<Record<string, string>>;
  /** What the outcome is made of, such as the parts of a condition that are not met. */
  readonly parts?: readonly Reason[];
}

export interface Computation {
  readonly planHash: string;
  readonly entries: readonly CommissionEntry[];
  readonly walk: readonly WalkStep[];
  /** By close bonus and line id what is taken off its base there, minor units; left out where the plan has no such bonus. */
  readonly deductions?: Readonly<Record<string, Readonly<Record<string, bigint>>>>;
}
