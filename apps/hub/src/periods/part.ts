import type { Plan } from "@upline/core";
import {
  type CloseInput,
  type ClosePart,
  cappedOrderBonuses,
  type FoundAbove,
  placementTrees,
  sharedByAll,
} from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { packedNumbers } from "../db/packed.ts";
import { type PlanBook, readPlanBook } from "../plans/plan-book.ts";
import { pendingVolumes } from "./book-volumes.ts";
import { calendarOf } from "./calendars.ts";
import { keptRanks } from "./compare.ts";
import { type EarningsPage, earningsNow, lockedEarnings } from "./earnings.ts";
import { gatherInput, matchedOrderBonuses, rankRenumbering } from "./gather.ts";
import { Members } from "./members.ts";
import { foundByRun, numbersAbove, numbersBelow, paidTo, type SeenNetwork } from "./part-queries.ts";
import { type CloseRun, currentMarks, findRun, type Marks, type Period, readLock } from "./queries.ts";
import { planOf } from "./run.ts";
import { firstStart, planHashFor, runBefore } from "./stands-on.ts";

/**
 * The close of a part of the tree: of somebody and everyone below them, by the close's own engine, whatever the size of the
 * company. What everybody decides together comes from the run that told it last.
 */

/** A period as it is to be seen: as a run locked it, or where none is named as it stands now. */
export interface SeenPeriod {
  readonly companyId: number;
  readonly period: Period;
  /** A committed run, or one that waits. */
  readonly run: CloseRun | null;
  readonly marks: Marks;
  readonly plans: PlanBook;
  readonly plan: Plan;
  /** The committed run that knows everybody: this one, or the one of the period before. */
  readonly wholeRun: CloseRun | null;
}

export async function seePeriod(
  tx: Tx,
  { companyId, period, run }: Pick<SeenPeriod, "companyId" | "period" | "run">,
): Promise<SeenPeriod> {
  const plans = await readPlanBook(tx, companyId);
  const marks =
    run?.lockNo == null
      ? {
          ...(await currentMarks(tx, companyId)),
          planHash: planHashFor(plans, period),
          afterRun: await runBefore(tx, companyId, period),
        }
      : await readLock(tx, { companyId, lockNo: run.lockNo });
  const wholeRun =
    run?.kind === "committed" ? run : marks.afterRun === null ? null : await findRun(tx, { companyId, runNo: marks.afterRun });
  return { companyId, period, run, marks, plans, plan: planOf(plans, marks), wholeRun };
}

/** Everyone of a part with somebody's number in it. */
export interface PartOfPeriod {
  readonly input: CloseInput;
  readonly members: Members;
  /** The engine's number of whom the part is of. */
  readonly no: number;
}

/** Null where more than `most` people are below. */
export async function readPart(
  tx: Tx,
  seen: SeenPeriod,
  { distributorNo, most }: { distributorNo: number; most: number },
): Promise<PartOfPeriod | null> {
  const network = networkOf(seen);
  const own = await numbersBelow(tx, network, { distributorNo, most: most + 1 });
  if (own.length > most) return null;
  const above = await numbersAbove(tx, network, own);
  return readMembers(tx, seen, { distributorNo, numbers: [...own, ...above], above });
}

/** Somebody with everyone above, all of them as the run has found them: what a walk from there can meet. */
export async function readPath(tx: Tx, seen: SeenPeriod, distributorNo: number): Promise<PartOfPeriod> {
  const numbers = [distributorNo, ...(await numbersAbove(tx, networkOf(seen), [distributorNo]))];
  return readMembers(tx, seen, { distributorNo, numbers, above: numbers });
}

function networkOf({ companyId, period, marks, plan }: SeenPeriod): SeenNetwork {
  const { directoryVersion, distributors } = marks;
  return { companyId, directoryVersion, distributors, endsAt: period.endsAt, trees: placementTrees(plan, "close") };
}

async function readMembers(
  tx: Tx,
  seen: SeenPeriod,
  people: { distributorNo: number; numbers: readonly number[]; above: readonly number[] },
): Promise<PartOfPeriod> {
  const { companyId, period, run, marks, plans, plan } = seen;
  const members = Members.some(people.numbers);
  const lockNo = run?.lockNo ?? null;
  const { input } = await gatherInput(tx, {
    companyId,
    period,
    lockNo,
    plan,
    marks,
    members,
    earnings: lockNo === null ? await readEarnings(tx, seen, members) : await lockedEarnings(tx, { companyId, lockNo, members }),
    planByHash: (hash) => plans.byHash(hash),
    ranksOfRun: run === null ? null : await keptRanks(tx, companyId, run),
    pending: lockNo === null ? await pendingVolumes(tx, { companyId, members }) : [],
  });
  const part = await readWhole(tx, seen, members, people.above);
  return { input: { ...input, part }, members, no: members.noOf(people.distributorNo) };
}

async function readEarnings(tx: Tx, { companyId, period, plan }: SeenPeriod, members: Members): Promise<EarningsPage[]> {
  const { planId, calendar, currency, startsAt, endsAt } = period;
  return earningsNow(tx, {
    ...{ companyId, planId, calendar, currency, startsAt, endsAt, members },
    from: await firstStart(tx, companyId, period),
    bonusIds: matchedOrderBonuses(plan, calendarOf(period)),
    capped: cappedOrderBonuses(plan, calendarOf(period)),
  });
}

/** What the part cannot know by itself, as the last run of everybody told it. */
async function readWhole(
  tx: Tx,
  { companyId, run, plan, plans, wholeRun }: SeenPeriod,
  members: Members,
  above: readonly number[],
): Promise<ClosePart> {
  if (wholeRun === null) return { given: {}, pools: {}, above: [] };
  const { runNo } = wholeRun;
  const bonusIds = plan.bonuses.filter(sharedByAll).map(({ id }) => id);
  const given: Record<string, Float64Array> = {};
  if (bonusIds.length > 0)
    for (const { bonusId, distributorNos, beforeCaps } of await paidTo(tx, { companyId, runNo, members, bonusIds })) {
      given[bonusId] ??= new Float64Array(members.count);
      const amounts = packedNumbers(beforeCaps);
      for (const [index, no] of members.places(distributorNos).entries())
        if (no >= 0) given[bonusId][no] = amounts[index] as number;
    }
  // Of an earlier period a pool's size says nothing, and what it paid is only the best there is.
  const pools = run?.kind === "committed" ? poolsOf(wholeRun) : {};
  return {
    given,
    pools,
    above: await readAbove(tx, {
      companyId,
      runNo,
      members,
      above,
      rankNoOf: rankRenumbering(plans.byHash(wholeRun.planHash), plan),
    }),
  };
}

async function readAbove(
  tx: Tx,
  {
    companyId,
    runNo,
    members,
    above,
    rankNoOf,
  }: {
    companyId: number;
    runNo: bigint;
    members: Members;
    above: readonly number[];
    rankNoOf: (rankNo: number) => number;
  },
): Promise<FoundAbove[]> {
  const those = Members.some(above);
  const found = new Map<number, FoundAbove>();
  for (const page of above.length === 0 ? [] : await foundByRun(tx, { companyId, runNo, members: those })) {
    const columns = [page.active, page.pv, page.gv, page.personalGroupVolumes, page.ranks].map(packedNumbers);
    for (const [index, place] of those.places(page.distributorNos).entries()) {
      if (place < 0) continue;
      const [active, pv, gv, personalGroupVolume, rankNo] = columns.map((column) => column[index] as number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const no = members.noOf(those.distributorNoOf(place));
      found.set(no, { no, rankNo: rankNoOf(rankNo), active: active === 1, pv, gv, personalGroupVolume });
    }
  }
  // Whoever has no result had no volume and no rank.
  const nothing = { rankNo: -1, active: false, pv: 0, gv: 0, personalGroupVolume: 0 };
  return above.map((distributorNo) => {
    const no = members.noOf(distributorNo);
    return found.get(no) ?? { no, ...nothing };
  });
}

/** Pools as a run's totals tell them; a run of an earlier version of the hub told none. */
function poolsOf({ totals }: CloseRun): ClosePart["pools"] {
  const told = (totals as { pools?: readonly { pool: string; units: string; sizeMinor: string }[] }).pools ?? [];
  return Object.fromEntries(
    told.map(({ pool, units, sizeMinor }) => [pool, { units: BigInt(units), sizeMinor: BigInt(sizeMinor) }]),
  );
}
