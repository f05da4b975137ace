import { type Plan, volumeOf } from "@upline/core";
import { type CloseResult, closePeriod, type RankCondition, rankConditions, sharedByAll } from "@upline/core/engine";
import type { Database, Tx } from "../db/connect.ts";
import type { Sums } from "../db/query.ts";
import { type PartOfPeriod, readPart, type SeenPeriod, seePeriod } from "../periods/part.ts";
import { type Period, standingRun } from "../periods/queries.ts";
import type { Seller } from "./seller.ts";

/**
 * How somebody stands in a period, as its close would see them now: by the close's own engine, on their part of the tree. What everybody
 * decides together (pools, caps of the company) is that of the last whole run, and is marked so.
 */

/** A part of so many people is computed for somebody who looks; of more the last close tells. */
export const MOST_BELOW = 20_000;

export interface Standing {
  readonly period: Period;
  readonly seen: SeenPeriod;
  readonly part: PartOfPeriod;
  readonly result: CloseResult;
}

/** Null where the plan is not closed by periods yet, or where too many are below. */
export async function readStanding(
  tx: Tx,
  { companyId, distributorNo }: Pick<Seller, "companyId" | "distributorNo">,
  period: Period,
  most = MOST_BELOW,
): Promise<Standing | null> {
  const run = await standingRun(tx, { companyId, periodNo: period.periodNo });
  const seen = await seePeriod(tx, { companyId, period, run });
  if (distributorNo > seen.marks.distributors) return null;
  const part = await readPart(tx, seen, { distributorNo, most });
  if (part === null) return null;
  return { period, seen, part, result: closePeriod(part.input, { details: true }) };
}

interface UnderWay {
  /** What was committed, and what was not, just before it began to read. */
  readonly since: bigint | null;
  readonly standing: Promise<Standing | null>;
}

const underWay = new WeakMap<Database, Map<string, UnderWay>>();

/**
 * The same for several who ask at the same time, as two parts of one page do: computed once, in the transaction of whoever came first. Who asks after
 * something was written meanwhile, which a page does that was told so, does not get what was read before. Where that fails everybody computes for themselves.
 */
export async function readStandingTogether(
  db: Database,
  tx: Tx,
  seller: Pick<Seller, "companyId" | "distributorNo">,
  period: Period,
): Promise<Standing | null> {
  const [row] = await tx<Sums<"since">[]>`select hashtextextended(pg_current_snapshot()::text, 0) as since`;
  const since = row?.since ?? null;
  const all = underWay.get(db) ?? new Map<string, UnderWay>();
  underWay.set(db, all);
  const key = `${seller.companyId} ${seller.distributorNo} ${period.periodNo}`;
  const others = all.get(key);
  if (others?.since === since) return others.standing.catch(() => readStanding(tx, seller, period));
  const mine = { since, standing: readStanding(tx, seller, period).finally(() => all.get(key) === mine && all.delete(key)) };
  all.set(key, mine);
  return mine.standing;
}

export interface EstimatedBonus {
  readonly bonusId: string;
  readonly amountMinor: bigint;
  /** Told by the last whole run, because everybody shares it or a cap of the company may lower it. */
  readonly isOfLastRun: boolean;
}

/** What a close now would pay somebody beyond what orders have paid already. */
export function estimateOf({ seen, part, result }: Standing): EstimatedBonus[] {
  return result.bonuses.map(({ bonusId, amounts }) => ({
    bonusId,
    amountMinor: BigInt(amounts[part.no] ?? 0),
    isOfLastRun: isSharedByAll(seen.plan, bonusId),
  }));
}

function isSharedByAll(plan: Plan, bonusId: string): boolean {
  const bonus = plan.bonuses.find(({ id }) => id === bonusId);
  return bonus !== undefined && sharedByAll(bonus);
}

/** Whether a cap of the whole company may lower what is estimated: only the close of everybody tells. */
export function mayBeCapped(plan: Plan): boolean {
  return (plan.caps ?? []).some(({ kind }) => kind === "company");
}

export interface NextRank {
  readonly rankNo: number;
  readonly conditions: readonly RankCondition[];
  /** What a close would pay more, were the rank reached and all else as it is; null where ranks are not judged here. */
  readonly gainMinor: bigint | null;
}

/** The rank above what the period's figures give; null at the top, and where the plan has none. What it would bring takes a second close. */
export function nextRankOf({ part, seen, result }: Standing, { withGain = true } = {}): NextRank | null {
  const qualified = result.ranks.qualified[part.no] ?? -1;
  const rankNo = qualified + 1;
  if (rankNo >= seen.plan.ranks.length) return null;
  return {
    rankNo,
    conditions: rankConditions(part.input, result, part.no, rankNo),
    gainMinor: withGain ? gainOf({ part, result }, rankNo) : null,
  };
}

function gainOf({ part: { input, no }, result }: Pick<Standing, "part" | "result">, rankNo: number): bigint | null {
  if (result.ranksOf !== "own" || (result.ranks.paidAs[no] ?? -1) >= rankNo) return null;
  const then = closePeriod({ ...input, fixedRanks: result.ranks.paidAs.with(no, rankNo) });
  const sum = ({ bonuses }: CloseResult) => bonuses.reduce((all, { amounts }) => all + BigInt(amounts[no] ?? 0), 0n);
  return sum(then) - sum(result);
}

/** Somebody at the front of one's own tree, as the close sees them. */
export interface Leg {
  readonly no: number;
  readonly distributorNo: number;
  readonly gv: number;
  readonly pv: number;
  readonly isActive: boolean;
  readonly rankNo: number;
  /** Ten-thousandths of PV that are missing for being active; 0 where something else is. */
  readonly shortOfActive: number;
}

/** The frontline by volume, the largest first. Groups are those of the tree of ranks. */
export function legsOf(standing: Standing): Leg[] {
  const { part, result } = standing;
  const { below } = result.ranks;
  const legs: Leg[] = [];
  for (let index = below.start[part.no] ?? 0; index < (below.start[part.no + 1] ?? 0); index++)
    legs.push(personOf(standing, below.list[index] as number));
  return legs.sort((a, b) => b.gv - a.gv || a.distributorNo - b.distributorNo);
}

export function personOf({ part, seen, result }: Standing, no: number): Leg {
  const { judgedBy: facts, ranks } = result;
  const pv = facts.pv[no] ?? 0;
  const isActive = facts.active[no] === 1;
  return {
    no,
    distributorNo: part.members.distributorNoOf(no),
    gv: facts.gv[no] ?? 0,
    pv,
    isActive,
    rankNo: ranks.paidAs[no] ?? -1,
    shortOfActive: isActive ? 0 : Math.max(0, Number(volumeOf(seen.plan.active.minimumPv)) - pv),
  };
}
