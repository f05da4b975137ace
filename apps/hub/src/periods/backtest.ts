import type { Plan } from "@upline/core";
import { type BackTest, backTest, measureNeeds } from "@upline/core/engine";
import { asCompanyAtLength, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { planInForce } from "../plans/publish.ts";
import { spanAt } from "./open.ts";
import { type Past, type PastSpan, readPast } from "./past.ts";
import { pastSpan } from "./past-queries.ts";
import { listPeriods } from "./queries.ts";

/** A draft plan tried on a company's real past, beside the plan in force. Nothing is written. */
export interface PastComparison {
  readonly test: BackTest;
  readonly inForce: Plan;
  readonly draft: Plan;
  readonly ids: readonly string[];
  readonly orders: number;
  readonly spans: readonly string[];
  readonly rankMoves: readonly {
    readonly distributorId: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  readonly warnings: readonly string[];
}

const MOST_SPANS = 120;

export async function backTestPlan(
  parts: Pick<HubParts, "db">,
  args: {
    companyId: number;
    draft: Plan;
    /** First month or day, and the first day after; absent is all there is. */
    from?: Date | undefined;
    to?: Date | undefined;
    onProgress?: (what: string, progress: { done: number; total: number }) => void;
  },
): Promise<PastComparison> {
  const { companyId, draft } = args;
  if (draft.calendars !== undefined)
    throw new HubError(
      "unprocessable",
      "A plan with calendars cannot be back-tested yet: say the same in golden cases, as docs/golden-cases.md tells.",
    );
  const progress = args.onProgress ?? (() => {});
  const { inForce, past, spans, currency } = await asCompanyAtLength(parts.db, companyId, async (tx) => {
    await tx`set transaction read only`;
    const plan = await planInForce(tx, { companyId, at: new Date() });
    if (plan === null) throw new HubError("unprocessable", "No plan is in force to compare with: publish one first.");
    if (plan.currency !== undefined || draft.currency !== undefined)
      throw new HubError(
        "unprocessable",
        "A plan with a currency cannot be tried on past orders yet: their rates are not read there.",
      );
    for (const each of [plan, draft]) refuseMeasured(each);
    if (plan.calendars !== undefined)
      throw new HubError("unprocessable", "The plan in force has calendars: drafts cannot be back-tested beside it yet.");
    const known = await pastSpan(tx, companyId);
    if (known === null) throw new HubError("unprocessable", "There are no orders yet that earned something for anybody.");
    const chosen = await chooseSpans(tx, {
      companyId,
      plan,
      from: args.from ?? known.first,
      to: args.to ?? new Date(known.last.getTime() + 1),
    });
    const read: Past[] = [];
    let done = 0;
    const onOrders = (count: number) => {
      done += count;
      progress("orders read", { done: Math.min(done, known.orders), total: known.orders });
    };
    for (const span of chosen)
      read.push(await readPast(tx, { companyId, span, plans: [plan, draft], currency: known.currency, onOrders }));
    return { inForce: plan, past: read, spans: chosen, currency: known.currency };
  });
  const run = backTest({ inForce, draft }, past);
  let step = run.next();
  for (; !step.done; step = run.next())
    progress(`${step.value.periodId}, plan ${step.value.plan}`, { done: step.value.done, total: step.value.of });
  const foreign = past.reduce((sum, span) => sum + span.foreignOrders, 0);
  const ids = past.at(-1)?.close.network.ids ?? [];
  return {
    test: step.value,
    ...{ inForce, draft, ids },
    orders: past.reduce((sum, span) => sum + span.orderCount, 0),
    spans: spans.map((span) => span.name),
    rankMoves: rankMoves(step.value, inForce, draft, ids),
    warnings:
      foreign === 0
        ? []
        : [
            `${foreign} orders in other currencies than ${currency} count as volume only: nothing of them is paid at order time here.`,
          ],
  };
}

/** A past is tried month by month from what stands now: what closes counted and what people were then is not gathered for it. */
function refuseMeasured(plan: Plan): void {
  const { given, kept, atOrders, titlesAtOrders, people } = measureNeeds(plan);
  const asks = [...given, ...kept.keys(), ...atOrders];
  if (asks.length === 0 && !titlesAtOrders && !Object.values(people).includes(true)) return;
  const what =
    asks.length > 0 ? `the measures ${[...new Set(asks)].sort().join(", ")}` : "titles, countries or days of enrolment";
  throw new HubError(
    "unprocessable",
    `"${plan.id}" version ${plan.version} asks for ${what}, which a back-test does not gather: try it in a golden case, or as a trial of an open period.`,
  );
}

/** Ranks are positions in their own plan: the same name is no move, whatever its position. */
function rankMoves(test: BackTest, inForce: Plan, draft: Plan, ids: readonly string[]): PastComparison["rankMoves"] {
  return ids.flatMap((distributorId, no) => {
    const before = inForce.ranks[test.inForce.ranks[no] ?? -1]?.id ?? null;
    const after = draft.ranks[test.draft.ranks[no] ?? -1]?.id ?? null;
    return before === after ? [] : [{ distributorId, before, after }];
  });
}

/** The company's own periods where there are any, and those of the plan's calendar elsewhere. */
async function chooseSpans(tx: Tx, args: { companyId: number; plan: Plan; from: Date; to: Date }): Promise<PastSpan[]> {
  const { companyId, plan, from, to } = args;
  if (to <= from) throw new HubError("unprocessable", "The end has to come after the beginning.");
  const own = (await listPeriods(tx, companyId)).filter((period) => period.planId === plan.id);
  const spans: PastSpan[] = [];
  for (let at = from; at < to; at = (spans.at(-1) as PastSpan).endsAt) {
    if (spans.length === MOST_SPANS)
      throw new HubError("unprocessable", `At most ${MOST_SPANS} periods are compared at once: choose a shorter time.`);
    spans.push(own.find(({ startsAt, endsAt }) => startsAt <= at && at < endsAt) ?? spanAt(plan, at.getTime()));
  }
  return spans;
}
