import { type Plan, RateTable } from "@upline/core";
import { type BackTest, backTest, closingCalendars, type PlanCalendar } from "@upline/core/engine";
import { asCompanyAtLength, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { openPipeline } from "../orders/pipeline.ts";
import type { HubParts } from "../parts.ts";
import { planInForce } from "../plans/publish.ts";
import { readRates } from "../rates/queries.ts";
import { spanAt } from "./open.ts";
import { type Past, readPast } from "./past.ts";
import type { PastSpan } from "./past-columns.ts";
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
  parts: Pick<HubParts, "db" | "box">,
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
  const progress = args.onProgress ?? (() => {});
  const directory = await openPipeline({ db: parts.db, box: parts.box }).directories.fresh(companyId);
  const { inForce, past, spans } = await asCompanyAtLength(parts.db, companyId, async (tx) => {
    await tx`set transaction read only`;
    const plan = await planInForce(tx, { companyId, at: new Date() });
    if (plan === null) throw new HubError("unprocessable", "No plan is in force to compare with: publish one first.");
    const known = await pastSpan(tx, companyId);
    if (known === null) throw new HubError("unprocessable", "There are no orders yet that earned something for anybody.");
    refuseOtherCurrency(plan, draft, known.currency);
    const from = args.from ?? known.first;
    const base = await chooseSpans(tx, { companyId, plan, from, to: args.to ?? new Date(known.last.getTime() + 1) });
    const whole = { from: (base[0] as PastSpan).startsAt, to: (base.at(-1) as PastSpan).endsAt };
    const tried = [plan, draft].map((each) => ({ plan: each, spans: spansOf(each, { inForce: plan, base, ...whole }) }));
    let done = 0;
    const onOrders = (count: number) => {
      done += count;
      progress("orders read", { done: Math.min(done, known.orders), total: known.orders });
    };
    const rates = new RateTable(await readRates(tx, companyId));
    const read = await readPast(tx, { companyId, ...whole, tried, rates, currency: known.currency, directory, onOrders });
    return { inForce: plan, past: read as [Past, Past], spans: base };
  });
  const [ofInForce, ofDraft] = past;
  const run = backTest({ inForce: ofInForce.trial, draft: ofDraft.trial });
  let step = run.next();
  for (; !step.done; step = run.next())
    progress(`${step.value.periodId}, plan ${step.value.plan}`, { done: step.value.done, total: step.value.of });
  const { ids } = ofInForce.trial;
  return {
    test: step.value,
    ...{ inForce, draft, ids },
    orders: ofInForce.orderCount,
    spans: spans.map((span) => span.name),
    rankMoves: rankMoves(step.value, inForce, draft, ids),
    warnings: [...new Set([...warningsOf(ofInForce, "plan in force"), ...warningsOf(ofDraft, "draft")])],
  };
}

/** Amounts in different currencies are no comparison. */
function refuseOtherCurrency(inForce: Plan, draft: Plan, usual: string): void {
  const [before, after] = [inForce, draft].map((plan) => plan.currency?.plan ?? usual);
  if (before === after) return;
  throw new HubError(
    "unprocessable",
    `The plan in force comes to ${before} and the draft to ${after}: try a draft whose currency is ${before}.`,
    { fields: [{ path: "currency", message: `amounts in ${before} and ${after} cannot be compared` }] },
  );
}

/** What past orders do not tell a plan: it is said, because nothing is paid where it is asked. */
function warningsOf(past: Past, which: "plan in force" | "draft"): string[] {
  const { trial, foreignOrders, unratedOrders, unknownClasses, emptyTrees, unplaced, unnumbered, moved } = past;
  return [
    ...(unknownClasses.length === 0
      ? []
      : [`Volume of classes the ${which} does not have counts nowhere: ${unknownClasses.join(", ")}.`]),
    ...emptyTrees.map((tree) => `Nobody is placed in the tree "${tree}" that the ${which} pays on: it pays nothing there.`),
    ...(foreignOrders === 0
      ? []
      : [
          `${foreignOrders} orders in other currencies than ${trial.currency} count as volume only: nothing of them is paid at order time here.`,
        ]),
    ...(unratedOrders === 0
      ? []
      : [`${unratedOrders} orders have no rate into ${trial.currency} under the ${which}: they earn nothing here.`]),
    ...[...unplaced].map(
      ([tree, orders]) =>
        `The ${which} pays at the order's time on the tree "${tree}", and ${orders} past orders were recorded without their places in it: it pays nothing on them there. Bonuses of the close see the tree.`,
    ),
    ...(unnumbered === 0
      ? []
      : [
          `The ${which} passes up what the first recruits sell, and ${unnumbered} past orders were recorded without their owner's place among recruits: it passes nothing of them up.`,
        ]),
    ...(moved === 0
      ? []
      : [
          `The network of the past was corrected above ${moved} orders since they came: where a plan reads further up than theirs did, it reads the network as it is known now.`,
        ]),
  ];
}

/** The periods that a plan is tried on: those of the plan in force, or of its own calendars where one of the two has some. */
function spansOf(
  plan: Plan,
  past: { readonly inForce: Plan; readonly base: readonly PastSpan[]; readonly from: Date; readonly to: Date },
): PastSpan[] {
  const { inForce, base, from, to } = past;
  if (plan.calendars === undefined && inForce.calendars === undefined) return [...base];
  const calendars = plan.calendars === undefined ? [undefined] : closingCalendars(plan);
  return calendars.flatMap((calendar) => {
    if (plan === inForce && calendar === plan.rankCalendar) return [...base];
    const spans: PastSpan[] = [];
    for (let at = from; at < to; at = (spans.at(-1) as PastSpan).endsAt) {
      refuseMore(spans);
      spans.push({ calendar, ...spanAt(calendarOf(plan, calendar), at.getTime()) });
    }
    return spans;
  });
}

const calendarOf = (plan: Plan, calendar: string | undefined): PlanCalendar =>
  calendar === undefined ? plan : { timeZone: plan.timeZone, periods: plan.calendars?.[calendar] };

function refuseMore(spans: readonly PastSpan[]): void {
  if (spans.length === MOST_SPANS)
    throw new HubError("unprocessable", `At most ${MOST_SPANS} periods are compared at once: choose a shorter time.`);
}

/** Ranks are positions in their own plan: the same name is no move, whatever its position. */
function rankMoves(test: BackTest, inForce: Plan, draft: Plan, ids: readonly string[]): PastComparison["rankMoves"] {
  return ids.flatMap((distributorId, no) => {
    const before = inForce.ranks[test.inForce.ranks[no] ?? -1]?.id ?? null;
    const after = draft.ranks[test.draft.ranks[no] ?? -1]?.id ?? null;
    return before === after ? [] : [{ distributorId, before, after }];
  });
}

/** The company's own periods where there are any, and those of the plan's calendar, the one that judges ranks, elsewhere. */
async function chooseSpans(tx: Tx, args: { companyId: number; plan: Plan; from: Date; to: Date }): Promise<PastSpan[]> {
  const { companyId, plan, from, to } = args;
  if (to <= from) throw new HubError("unprocessable", "The end has to come after the beginning.");
  const calendar = plan.calendars === undefined ? undefined : plan.rankCalendar;
  const own = (await listPeriods(tx, companyId)).filter(
    (period) => period.planId === plan.id && period.calendar === (calendar ?? ""),
  );
  const spans: PastSpan[] = [];
  for (let at = from; at < to; at = (spans.at(-1) as PastSpan).endsAt) {
    refuseMore(spans);
    const opened = own.find(({ startsAt, endsAt }) => startsAt <= at && at < endsAt);
    const { name, startsAt, endsAt } = opened ?? spanAt(calendarOf(plan, calendar), at.getTime());
    spans.push({ calendar, name: name.replace(/^.*\//, ""), startsAt, endsAt });
  }
  return spans;
}
