import { inEnglish, type Reason, reason } from "@upline/core";
import { type CloseResult, closePeriod, explainSources, isCloseBonus, walksAskMeasures } from "@upline/core/engine";
import { asCompany, asCompanyAtLength, type Tx } from "../db/connect.ts";
import { packedNumbers } from "../db/packed.ts";
import { HubError } from "../errors.ts";
import { findDistributorNo } from "../network/queries.ts";
import { type PeriodAct, type PeriodParts, previewInput } from "./close.ts";
import { recomputeRun } from "./compare.ts";
import { type Explained, explained } from "./explained.ts";
import { findExplanation } from "./explanation-queries.ts";
import { MOST_OF_A_PART } from "./large-downlines.ts";
import { Members } from "./members.ts";
import { type PartOfPeriod, readPart, readPath, type SeenPeriod, seePeriod } from "./part.ts";
import { paidTo } from "./part-queries.ts";
import { findPeriod, standingRun, waitingProposal } from "./queries.ts";
import { computeRun } from "./run.ts";

/** Why somebody was paid what they were, and why not more: from what a run locked, or as a close would see it now. */
export interface ExplainedClose extends Explained {
  readonly distributorId: string;
  readonly period: string;
  /** Null: nothing is locked yet, so this is how it stands now. */
  readonly runNo: bigint | null;
}

export interface Explaining extends PeriodAct {
  readonly distributorId: string;
  /** Only on the volume of this one below, step by step. */
  readonly from?: string | undefined;
  /** So many people below are computed, themselves included; of more the run that closed the period tells. */
  readonly most?: number;
}

/**
 * From somebody's part of the tree alone, so that it takes as long in a company of a million. Of a closed period the amounts
 * are what the run came to. Throws HubError where too many are below and no run has told of them.
 */
export async function explainPeriod(parts: PeriodParts, args: Explaining): Promise<ExplainedClose> {
  const { companyId, distributorId, most = MOST_OF_A_PART } = args;
  return asCompany(parts.db, companyId, async (tx) => {
    const period = await findPeriod(tx, args);
    if (period === null) throw new HubError("not-found", "There is no such period: see `pnpm upline period list`.");
    const run = (await standingRun(tx, args)) ?? (await waitingProposal(tx, args));
    const seen = await seePeriod(tx, { companyId, period, run });
    const distributorNo = await numberIn(tx, seen, distributorId);
    const fromNo = args.from === undefined ? null : await numberIn(tx, seen, args.from);
    const part = await readPart(tx, seen, { distributorNo, most });
    const shared = { distributorId, period: period.name, runNo: run?.runNo ?? null };
    if (part === null) return { ...(await explainLarge(tx, seen, { ...args, distributorNo, fromNo, most })), ...shared };
    const computed = closePeriod(part.input, { details: true });
    const result = run?.kind === "committed" ? await asPaid(tx, seen, part, computed) : computed;
    return { ...explained(part.input, result, part.no, fromNo === null ? null : part.members.noOf(fromNo)), ...shared };
  });
}

/** The same from the whole company, however long that takes. */
export async function explainWhole(parts: PeriodParts, args: Omit<Explaining, "most">): Promise<ExplainedClose> {
  const { companyId, distributorId } = args;
  const stored = await asCompanyAtLength(parts.db, companyId, async (tx) => {
    const run = (await standingRun(tx, args)) ?? (await waitingProposal(tx, args));
    return run === null ? null : { run, computed: await recomputeRun(tx, companyId, run, { details: true }) };
  });
  const { input, result } = stored?.computed ?? computeRun(await previewInput(parts, args), { details: true });
  const numbers = new Map((input.network.ids ?? []).map((id, no) => [id, no]));
  const no = numbers.get(distributorId) ?? unknown(distributorId);
  const source = args.from === undefined ? null : (numbers.get(args.from) ?? unknown(args.from));
  return { ...explained(input, result, no, source), distributorId, period: input.periodId, runNo: stored?.run.runNo ?? null };
}

async function numberIn(tx: Tx, { companyId, marks }: SeenPeriod, distributorId: string): Promise<number> {
  const distributorNo = await findDistributorNo(tx, { companyId, distributorId });
  return distributorNo === null || distributorNo > marks.distributors ? unknown(distributorId) : distributorNo;
}

function unknown(distributorId: string): never {
  throw new HubError("not-found", `There is no distributor "${distributorId}" in this close.`);
}

/** What the run came to for somebody, whatever the whole company's caps made of it. */
async function asPaid(tx: Tx, seen: SeenPeriod, part: PartOfPeriod, result: CloseResult): Promise<CloseResult> {
  const { companyId, wholeRun } = seen;
  if (wholeRun === null) return result;
  const { no, members } = part;
  const one = Members.some([members.distributorNoOf(no)]);
  const bonusIds = result.bonuses.map(({ bonusId }) => bonusId);
  const paid = new Map<string, { before: number; amount: number }>();
  for (const page of await paidTo(tx, { companyId, runNo: wholeRun.runNo, members: one, bonusIds })) {
    const index = one.places(page.distributorNos).indexOf(0);
    if (index < 0) continue;
    const [before, amount] = [page.beforeCaps, page.amounts].map((column) => packedNumbers(column)[index] as number);
    paid.set(page.bonusId, { before: before as number, amount: amount as number });
  }
  return {
    ...result,
    bonuses: result.bonuses.map((bonus) => {
      const { before, amount } = paid.get(bonus.bonusId) ?? { before: 0, amount: 0 };
      return { ...bonus, beforeCaps: bonus.beforeCaps.with(no, before), amounts: bonus.amounts.with(no, amount) };
    }),
  };
}

/** Somebody with too many people below for a request: what the run wrote down when it knew everybody. */
async function explainLarge(
  tx: Tx,
  seen: SeenPeriod,
  { distributorId, distributorNo, fromNo, most }: Explaining & { distributorNo: number; fromNo: number | null; most: number },
): Promise<Explained> {
  const { companyId, run, period } = seen;
  const byCommand = `\`pnpm upline period explain ${distributorId} --period ${period.name}\` computes the whole company.`;
  if (run?.kind !== "committed")
    throw new HubError(
      "unprocessable",
      `More than ${most - 1} people are below ${distributorId}, and ${period.name} is ${period.state}: it is explained once it is closed. ${byCommand}`,
    );
  const stored = await findExplanation(tx, { companyId, runNo: run.runNo, distributorNo });
  if (stored === null)
    throw new HubError(
      "unprocessable",
      `More than ${most - 1} people are below ${distributorId}, and run ${run.runNo} was committed before runs told of them: \`pnpm upline period rerun ${period.name}\` would. ${byCommand}`,
    );
  const { bonuses, reasons = null, ...told } = stored;
  const passed = fromNo === null ? null : await passedFrom(tx, seen, { distributorId, fromNo, byCommand });
  return {
    ...told,
    reasons,
    bonuses: bonuses.map(({ bonusId, amount, lines, reasons: whys = null }) => ({
      ...{ bonusId, amount, lines },
      reasons: whys && { amount: whys.amount, lines: whys.lines },
    })),
    notPaid: bonuses
      .filter(({ bonusId }) => seen.plan.bonuses.some((bonus) => bonus.id === bonusId && isCloseBonus(bonus)))
      .map(({ bonusId, notPaid, reasons: whys }) => {
        const more = passed?.get(bonusId) ?? [];
        const lines = [...notPaid, ...more.map(inEnglish)];
        return { bonusId, lines, reasons: whys === undefined ? null : [...whys.notPaid, ...more] };
      }),
  };
}

/** The walks from one source past somebody above: all of that line is needed, and nobody else. */
async function passedFrom(
  tx: Tx,
  seen: SeenPeriod,
  { distributorId, fromNo, byCommand }: { distributorId: string; fromNo: number; byCommand: string },
): Promise<Map<string, Reason[]>> {
  if (walksAskMeasures(seen.plan))
    throw new HubError("unprocessable", `The plan asks for numbers of everyone below each person on the way: ${byCommand}`);
  const { input, members } = await readPath(tx, seen, fromNo);
  const result = closePeriod(input);
  const steps = explainSources(input, result, [members.noOf(fromNo)]).filter((step) => step.distributorId === distributorId);
  const passed = new Map<string, Reason[]>();
  for (const { bonusId, source, reason: why } of steps) {
    const told = reason("of-source", { source: input.network.ids?.[source] }, [why]);
    passed.set(bonusId, [...(passed.get(bonusId) ?? []), told]);
  }
  return passed;
}
