import { cappedOrderBonuses, measureNeeds } from "@upline/core/engine";
import { lockCompany } from "../companies/queries.ts";
import { analyzeFilled } from "../db/analyze.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, asCompanyAtLength, asCompanyBeside, type Tx } from "../db/connect.ts";
import { PAGE_OF_RESULTS } from "../db/schema/close-runs.ts";
import { HubError } from "../errors.ts";
import { LedgerWords } from "../ledger/words.ts";
import type { HubParts } from "../parts.ts";
import { calledBy, isOnePerson } from "../people/one-person.ts";
import { readPlanBook } from "../plans/plan-book.ts";
import { bookPending, bookVolumes } from "./book-volumes.ts";
import { calendarOf } from "./calendars.ts";
import { lockEarningsOf, lockEarningsOfPeriod, lockUnmatchedEarnings } from "./earnings.ts";
import { explanationsOf } from "./explained.ts";
import { lockCountries, lockCountriesOf } from "./fact-queries.ts";
import { type Beside, type GatheredInput, matchedOrderBonuses } from "./gather.ts";
import { postRun } from "./post.ts";
import {
  type CloseRun,
  currentMarks,
  findPeriod,
  findRun,
  insertLock,
  insertRun,
  type Marks,
  type NewRun,
  type Period,
  type RunCause,
  readLock,
  setPeriodState,
  standingRun,
  takeRunNumber,
  waitingProposal,
} from "./queries.ts";
import { type ComputedRun, computeRun, gatherLocked, gatherRun, type LockedInputs, planOf } from "./run.ts";
import { keepChanges, payOf } from "./run-changes.ts";
import { checkEarlier, checkOthers, checkStillStands, firstStart, nextClosedEnd, planHashFor, runBefore } from "./stands-on.ts";

/**
 * The life of a period: open → closing → closed. A trial is computed and thrown away. A close is proposed
 * by one person on locked inputs and committed by another. A closed period is never edited: a new run
 * supersedes the old one in the same two steps, and posts only the differences.
 */

export type PeriodParts = Pick<HubParts, "db">;

export interface PeriodAct {
  readonly companyId: number;
  readonly periodNo: number;
  /** Who acts. */
  readonly actor: string;
  readonly onProgress?: (stage: string) => void;
}

/** What takes two people: one proposes, another commits. */
export interface PersonAct extends PeriodAct {
  /** Whose key the actor is. */
  readonly person: string;
}

/** Confirming: which proposal it was that somebody looked at; absent takes the one that waits. */
export interface CommitAct extends PersonAct {
  readonly runNo?: bigint | undefined;
}

export interface PeriodRun extends ComputedRun {
  readonly run: CloseRun;
  readonly period: Period;
}

/** What a close would read now; nothing is written. */
export function previewInput(parts: PeriodParts, act: PeriodAct): Promise<GatheredInput & { period: Period; cause: RunCause }> {
  return rolledBack(parts, act, async (tx) => {
    const period = await needPeriod(tx, act);
    const cause = period.state === "closed" ? "rerun" : "close";
    act.onProgress?.("booking volumes");
    const locked = await lockInputs(tx, act, { period, cause });
    act.onProgress?.("reading");
    return { ...(await gatherLocked(tx, locked)), period, cause };
  });
}

/** Computes what a close would come to now, and writes nothing but one line of totals. */
export async function previewClose(parts: PeriodParts, act: PeriodAct): Promise<PeriodRun> {
  const startedAt = new Date();
  const seen = await previewInput(parts, act);
  act.onProgress?.("computing");
  const computed = computeRun(seen);
  const { period, cause } = seen;
  const trial = { kind: "trial", person: null, lockNo: null } as const;
  const run = await writeRun(parts, computed, {
    ...act,
    run: { ...runOf({ period, cause, computed, actor: act.actor, startedAt }), ...trial },
  });
  return { ...computed, run, period };
}

/** Locks the inputs of an open period and computes them: the proposal waits for a second person. */
export async function closePeriod(parts: PeriodParts, act: PersonAct): Promise<PeriodRun> {
  return propose(parts, act, "close");
}

/**
 * Computes a closed period again: `rerun` on what network, plan and directives say now, `refund` on what
 * was locked then, less what was refunded since. Like a close it waits for a second person.
 */
export async function supersedeClose(parts: PeriodParts, act: PersonAct & { cause: "rerun" | "refund" }): Promise<PeriodRun> {
  return propose(parts, act, act.cause);
}

/**
 * Only what is written under the company's lock is kept short. Everything below the marks of a lock is append-only, so that
 * it is read, for as long as that takes, while others go on.
 */
async function propose(parts: PeriodParts, act: PersonAct, cause: RunCause): Promise<PeriodRun> {
  const { companyId, periodNo, actor, person } = act;
  const startedAt = new Date();
  act.onProgress?.("booking volumes");
  await bookPending(parts, { companyId });
  const locked = await asCompanyAtLength(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const period = await needPeriod(tx, act);
    checkState(period, cause);
    await checkEarlier(tx, companyId, period);
    await checkOthers(tx, companyId, period);
    // What came while an earlier proposal waited is in time for this one.
    if (period.state === "closing") await setPeriodState(tx, { companyId, periodNo, state: "open" });
    const inputs = await lockInputs(tx, act, { period, cause });
    if (period.state !== "closed") await setPeriodState(tx, { companyId, periodNo, state: "closing" });
    const details = { lockNo: String(inputs.lockNo), cause };
    await insertAudit(tx, { companyId, actor, act: "period.close", subject: period.name, details });
    return inputs;
  });
  act.onProgress?.("reading");
  const seen = await asCompanyAtLength(parts.db, companyId, (tx) => gatherLocked(tx, locked, besideOf(parts, companyId)));
  act.onProgress?.("computing");
  const computed = computeRun(seen);
  const { period, lockNo } = locked;
  const proposed = { kind: "proposed", person, lockNo } as const;
  const run = await writeRun(parts, computed, {
    ...act,
    run: { ...runOf({ period, cause, computed, actor, startedAt }), ...proposed },
  });
  return { ...computed, run, period: { ...period, state: period.state === "open" ? "closing" : period.state } };
}

/** Gives up a proposal that was not committed: the period is open again, or stays closed as its standing run left it. */
export async function cancelClose(parts: Pick<HubParts, "db">, act: PeriodAct): Promise<Period> {
  const { companyId, periodNo, actor } = act;
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const period = await needPeriod(tx, act);
    if (period.state === "open") throw new HubError("conflict", `Period ${period.name} is open: there is nothing to give up.`);
    if (period.state === "closing") await setPeriodState(tx, { companyId, periodNo, state: "open" });
    else await giveUpAgain(tx, act, period);
    await insertAudit(tx, { companyId, actor, act: "period.cancel", subject: period.name });
    return { ...period, state: period.state === "closing" ? "open" : period.state };
  });
}

/** A lock that nothing is computed of: what was locked before it waits no more. */
async function giveUpAgain(tx: Tx, act: PeriodAct, period: Period): Promise<void> {
  const { companyId, periodNo, actor } = act;
  const proposal = await waitingProposal(tx, act);
  if (proposal?.lockNo == null)
    throw new HubError("conflict", `Period ${period.name} is closed, and nothing waits to be committed for it.`);
  await insertLock(tx, { companyId, periodNo, marks: await readLock(tx, { companyId, lockNo: proposal.lockNo }), actor });
}

/** Carries a proposal out: computed again from its lock, it must come to the same bytes. Needs another person. */
export async function commitClose(parts: PeriodParts, act: CommitAct): Promise<PeriodRun & { transfers: number }> {
  const { companyId, periodNo, actor } = act;
  const startedAt = new Date();
  act.onProgress?.("reading");
  const seen = await asCompanyAtLength(parts.db, companyId, async (tx) => {
    const { period, proposal, standing } = await checkCommit(tx, act);
    const ranksOfRun = proposal.cause === "refund" ? (standing?.runNo ?? null) : null;
    const gathered = await gatherRun(tx, { companyId, period, run: proposal, ranksOfRun }, besideOf(parts, companyId));
    return { gathered, period, proposal };
  });
  act.onProgress?.("computing");
  const computed = computeRun(seen.gathered);
  const { period, proposal } = seen;
  if (computed.inputHash !== proposal.inputHash || computed.outputHash !== proposal.outputHash)
    throw new Error(`run ${proposal.runNo} does not come to the same bytes again: nothing was committed`);
  const done = await asCompanyAtLength(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const now = await checkCommit(tx, act);
    if (now.proposal.runNo !== proposal.runNo)
      throw new HubError("conflict", "Somebody proposed this close anew meanwhile: look at that one.");
    // From here on there are only writes.
    const runNo = await takeRunNumber(tx);
    const committed = {
      kind: "committed",
      person: act.person,
      lockNo: proposal.lockNo,
      proposal: proposal.runNo,
      supersedes: now.standing?.runNo ?? null,
    } as const;
    const run = { ...runOf({ period, cause: proposal.cause, computed, actor, startedAt }), ...committed };
    await insertRun(tx, { companyId, runNo, run });
    const nextEnd = await nextClosedEnd(tx, companyId, period);
    const onProgress = act.onProgress ?? (() => {});
    const posted = await postRun(tx, {
      companyId,
      runNo,
      period,
      input: computed.input,
      result: computed.result,
      nextEnd,
      explanations: explanationsOf(computed.input, computed.result),
      words: new LedgerWords(parts.db),
      onProgress,
    });
    if (period.state !== "closed") await setPeriodState(tx, { companyId, periodNo, state: "closed" });
    const details = {
      run: String(runNo),
      proposedBy: proposal.actor,
      transfers: posted.transfers,
      outputHash: computed.outputHash,
    };
    await insertAudit(tx, { companyId, actor, act: "period.commit", subject: period.name, details });
    return {
      ...computed,
      run: (await findRun(tx, { companyId, runNo })) as CloseRun,
      period: { ...period, state: "closed" as const },
      transfers: posted.transfers,
    };
  });
  await analyzeFilled(parts.db, companyId);
  return done;
}

function besideOf(parts: PeriodParts, companyId: number): Beside {
  return (read) => asCompanyBeside(parts.db, companyId, read);
}

/** Every act that computes a period, by name. */
export const workOf = {
  preview: previewClose,
  close: closePeriod,
  rerun: (parts: PeriodParts, act: PersonAct) => supersedeClose(parts, { ...act, cause: "rerun" }),
  refund: (parts: PeriodParts, act: PersonAct) => supersedeClose(parts, { ...act, cause: "refund" }),
  commit: commitClose,
} as const;

async function checkCommit(tx: Tx, act: CommitAct): Promise<{ period: Period; proposal: CloseRun; standing: CloseRun | null }> {
  const { companyId } = act;
  const period = await needPeriod(tx, act);
  const proposal = await waitingProposal(tx, act);
  if (proposal === null)
    throw new HubError(
      "conflict",
      `Nothing waits to be committed for ${period.name}: \`pnpm upline period close ${period.name}\` proposes a close.`,
    );
  if (act.runNo !== undefined && proposal.runNo !== act.runNo)
    throw new HubError(
      "conflict",
      `Run ${act.runNo} waits no more: another proposal, run ${proposal.runNo}, took its place. Look at that one before you confirm it.`,
      { fields: [{ path: "run_id", message: `is not the proposal that waits, which is run ${proposal.runNo}` }] },
    );
  await checkSecondPerson(tx, proposal, act);
  await checkStillStands(tx, companyId, { period, proposal });
  const standing = await standingRun(tx, act);
  return { period, proposal, standing };
}

async function checkSecondPerson(tx: Tx, proposal: CloseRun, { actor, person }: PersonAct): Promise<void> {
  const proposer = proposal.person;
  if (proposer !== null && !(await isOnePerson(tx, proposer, person))) return;
  const [first, second] = [await calledBy(tx, proposer ?? ""), await calledBy(tx, person)];
  throw new HubError(
    "conflict",
    `${proposal.actor} (${first}) proposed this close, and ${actor} (${second}) is the same person: a second person has to commit it, signed in as themselves or with a key of their own: \`pnpm upline key create --name <name> --scope admin --owner <person>\`.`,
    { fields: [{ path: "actor", message: "is a key of another person than the one who proposed the close" }] },
  );
}

/** Books what is to be booked, and locks what counts. The caller holds the company's lock. */
async function lockInputs(tx: Tx, act: PeriodAct, how: { period: Period; cause: RunCause }): Promise<LockedInputs> {
  const { companyId, periodNo, actor } = act;
  const { period, cause } = how;
  await bookVolumes(tx, { companyId });
  const plans = await readPlanBook(tx, companyId);
  const standing = await standingRun(tx, act);
  const afterRun = await runBefore(tx, companyId, period);
  const now = await currentMarks(tx, companyId);
  const then = cause === "refund" && standing?.lockNo != null ? await readLock(tx, { companyId, lockNo: standing.lockNo }) : null;
  const marks: Marks =
    then === null
      ? { ...now, planHash: planHashFor(plans, period), afterRun }
      : { ...then, volumeUpto: now.volumeUpto, runUpto: now.runUpto, afterRun };
  const lockNo = await insertLock(tx, { companyId, periodNo, marks, actor });
  const { planId, calendar, startsAt, endsAt, currency } = period;
  const plan = planOf(plans, marks);
  // A running total is of the period's own orders, refunds of later days included: a run anew sees what stands now.
  const capped = cappedOrderBonuses(plan, calendarOf(period));
  if (measureNeeds(plan).people.country) {
    if (then !== null && standing?.lockNo != null) await lockCountriesOf(tx, { companyId, lockNo, earlier: standing.lockNo });
    else await lockCountries(tx, { companyId, lockNo, distributors: marks.distributors, pageSize: PAGE_OF_RESULTS });
  }
  await lockEarningsOfPeriod(tx, { companyId, lockNo, currency, startsAt, endsAt, bonusIds: capped });
  // What was matched once stays matched with it: a run that supersedes takes the same earnings.
  if (standing?.lockNo != null) await lockEarningsOf(tx, { companyId, lockNo, earlier: standing.lockNo, without: capped });
  else {
    const span = { from: await firstStart(tx, companyId, period), startsAt, endsAt };
    const bonusIds = matchedOrderBonuses(plan, calendarOf(period));
    await lockUnmatchedEarnings(tx, { companyId, lockNo, planId, calendar, currency, bonusIds, ...span });
  }
  return { companyId, period, lockNo, ranksOfRun: cause === "refund" ? (standing?.runNo ?? null) : null };
}

function checkState(period: Period, cause: RunCause): void {
  if (cause === "close" && period.state === "closed")
    throw new HubError(
      "conflict",
      `Period ${period.name} is closed: \`pnpm upline period rerun ${period.name}\` computes it again.`,
    );
  if (cause !== "close" && period.state !== "closed")
    throw new HubError("conflict", `Period ${period.name} is ${period.state}: only a closed one is run again.`);
}

async function needPeriod(tx: Tx, { companyId, periodNo }: Pick<PeriodAct, "companyId" | "periodNo">): Promise<Period> {
  const period = await findPeriod(tx, { companyId, periodNo });
  if (period === null) throw new HubError("not-found", "There is no such period: see `pnpm upline period list`.");
  return period;
}

function runOf(args: { period: Period; cause: RunCause; computed: ComputedRun; actor: string; startedAt: Date }) {
  const { period, cause, computed, actor, startedAt } = args;
  const { inputHash, outputHash, carryHash, totals, result } = computed;
  return {
    ...{
      periodNo: period.periodNo,
      cause,
      planHash: result.planHash,
      inputHash,
      outputHash,
      carryHash,
      totals,
      actor,
      startedAt,
    },
    finishedAt: new Date(),
    proposal: null,
    supersedes: null,
  };
}

/** Of a trial or a proposal. */
function writeRun(
  parts: PeriodParts,
  { result }: ComputedRun,
  { companyId, periodNo, run }: PeriodAct & { readonly run: NewRun },
): Promise<CloseRun> {
  const pay = payOf(result);
  return asCompany(parts.db, companyId, async (tx) => {
    const runNo = await takeRunNumber(tx);
    await insertRun(tx, { companyId, runNo, run });
    await keepChanges(tx, { companyId, periodNo, runNo, pay });
    return (await findRun(tx, { companyId, runNo })) as CloseRun;
  });
}

/** Work whose writes are undone: what it read is kept. */
async function rolledBack<T>(parts: PeriodParts, { companyId }: PeriodAct, work: (tx: Tx) => Promise<T>): Promise<T> {
  let kept: { value: T } | null = null;
  const undo = new Error("undo");
  try {
    await asCompanyAtLength(parts.db, companyId, async (tx) => {
      await lockCompany(tx, companyId);
      kept = { value: await work(tx) };
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return (kept as unknown as { value: T }).value;
}
