import { z } from "@hono/zod-openapi";
import type { Plan } from "@upline/core";
import { formatVolume } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { reasonShape } from "../http/reason-shape.ts";
import { amountText, currencyText, decimal, distributorText, idText, time } from "../http/shapes.ts";
import { calledBy, isOnePerson } from "../people/one-person.ts";
import { readPlanBook } from "../plans/plan-book.ts";
import type { Explained, NotPaid } from "./explained.ts";
import { PAYOUT_STATES, payoutOf, percentText } from "./payout.ts";
import type { CloseRun, Period } from "./queries.ts";
import type { Result } from "./result-queries.ts";
import type { readChanges } from "./run-changes.ts";

/** Periods, runs and results as the API shows them. */

const volumeText = z.string().openapi({ example: "120.5", description: "A volume, at most four decimals" });
const rankText = z.string().nullable().openapi({ example: "gold", description: "A rank of the run's plan; null for none" });

export const period = z
  .object({
    period_id: idText,
    name: z.string().openapi({ example: "2026-06" }),
    plan_id: z.string().openapi({ example: "stairs" }),
    calendar: z.string().nullable().openapi({ example: "week", description: "Null where the plan has no calendars" }),
    starts_at: time,
    ends_at: time.openapi({ description: "The first moment after the period" }),
    time_zone: z.string().openapi({ example: "Europe/Berlin" }),
    currency: currencyText,
    state: z.enum(["open", "closing", "closed"]),
  })
  .openapi("Period");

export const listedPeriod = period
  .extend({ waits: z.boolean().openapi({ description: "Whether somebody has to decide on a proposal, or to propose it anew" }) })
  .openapi("ListedPeriod");

const percent = z.string().openapi({ example: "15.00", description: "Per cent" });

export const payout = z
  .object({
    state: z.enum(PAYOUT_STATES).openapi({
      description:
        "`within` the ceiling; `rounding`: beyond it by no more than a minor unit for each who is paid; `above`: by more; " +
        "`unproven`: the plan has none; `no-net`: the run is of a version that did not keep the net a part of it is a share of",
    }),
    bounded: decimal.openapi({ description: "What the close's bonuses pay that have a bound by share" }),
    fixed: decimal.openapi({ description: "What the others pay: fixed amounts have no such bound" }),
    at_most: decimal
      .nullable()
      .openapi({ description: "What the bounded ones can pay of this CV and net at most, whatever the network" }),
    shares_of_cv: z
      .object({ bounded: percent, fixed: percent, at_most: percent.nullable() })
      .nullable()
      .openapi({ description: "The same as per cent of the run's CV; null where it has none" }),
    ceiling: z.object({ of_cv: percent.nullable(), of_net: percent.nullable() }).openapi({
      description:
        "Of the plan in force: the largest share of CV, and besides it of net, that these bonuses can come to; null where none is proven",
    }),
    open: z
      .array(z.object({ bonus: z.string(), because: z.string(), matches: z.string().nullable(), why: z.string() }))
      .openapi({ description: "Bonuses for which no bound is proven, and why" }),
    fixed_bonuses: z.array(z.string()),
  })
  .openapi("RunPayout");

export const run = z
  .object({
    run_id: idText,
    period_id: idText,
    kind: z.enum(["trial", "proposed", "committed"]).openapi({ description: "A proposed run waits for a second person" }),
    cause: z.enum(["close", "rerun", "refund"]),
    actor: z.string().openapi({ example: "key:console" }),
    person: z.string().nullable().openapi({
      example: "Ann Lee",
      description: "Who it was, or whose key: another person commits than the one who proposed. Null for a trial",
    }),
    is_own: z.boolean().openapi({ description: "Whether that is whoever asks" }),
    plan_hash: z.string(),
    input_hash: z.string().openapi({ description: "The same facts give the same hash, whatever order they came in" }),
    output_hash: z.string(),
    totals: z.record(z.string(), z.unknown()).openapi({ description: "Amounts are minor units" }),
    payout: payout
      .nullable()
      .openapi({ description: "What it pays against the plan's proven ceiling; null where its totals cannot be read" }),
    supersedes: z.string().nullable(),
    superseded_by: z.string().nullable(),
    started_at: time,
    finished_at: time,
  })
  .openapi("CloseRun");

const gainOf = (what: string) =>
  z.object({ people: z.int(), amount: decimal }).openapi({ description: `${what}; the amount has no sign` });

export const changes = z
  .object({
    run_id: idText,
    since_run_id: idText.openapi({ description: "The run before it, of the same period" }),
    currency: currencyText,
    gained: gainOf("Who is paid more than by that one, and how much in all"),
    lost: gainOf("Who is paid less"),
    largest: z
      .array(
        z.object({
          distributor_id: distributorText,
          name: z.string().nullable(),
          before: decimal,
          after: decimal,
          difference: decimal,
        }),
      )
      .openapi({ description: "The largest differences, at most 50" }),
  })
  .openapi("CloseRunChanges");

export const result = z
  .object({
    distributor_id: distributorText,
    active: z.boolean(),
    pv: volumeText,
    own_volume: volumeText.openapi({ description: "Own volume in the plan's rank volume" }),
    gv: volumeText,
    personal_group_volume: volumeText,
    retail_volume: volumeText,
    active_legs: z.int(),
    qualified_rank: rankText.openapi({ description: "What the period's figures alone give" }),
    rank: rankText.openapi({ description: "What is paid" }),
    title: rankText.openapi({ description: "The highest ever held" }),
    bonuses: z.array(z.object({ bonus: z.string(), before_caps: decimal, amount: decimal })),
    currency: currencyText,
  })
  .openapi("PeriodResult");

const TOLD_EARLIER = "The same before any language; null where a run of an earlier version wrote down words alone";

export const explained = z
  .object({
    distributor_id: distributorText,
    period: z.string(),
    run_id: z.string().nullable().openapi({ description: "Null: nothing is locked yet, this is how it stands now" }),
    activity: z.string().openapi({ example: "active: 200 PV of 100 needed" }),
    rank: z.string(),
    next_rank: z.array(z.string()).openapi({ example: ["for Gold:", "group volume: needs 700, had 533.33: 166.67 short"] }),
    reasons: z
      .object({ activity: reasonShape, rank: reasonShape, next_rank: z.array(reasonShape) })
      .nullable()
      .openapi({ description: TOLD_EARLIER }),
    bonuses: z.array(
      z.object({
        bonus: z.string(),
        amount: z.string(),
        lines: z.array(z.string()),
        not_paid: z.array(z.string()).openapi({ description: "What is not earned, and what is short of it" }),
        reasons: z
          .object({ amount: reasonShape, lines: z.array(reasonShape), not_paid: z.array(reasonShape) })
          .nullable()
          .openapi({ description: TOLD_EARLIER }),
      }),
    ),
  })
  .openapi("ExplainedClose");

export const noPeriod = () => new HubError("not-found", "There is no such period. GET /api/periods lists them.");

/** A period's number from a path; one that is too large for any names none. Throws HubError. */
export function periodNumber(text: string): number {
  const no = Number(text);
  if (no > 2_147_483_647) throw noPeriod();
  return no;
}

export function periodAnswer(found: Period): z.infer<typeof period> {
  return {
    period_id: String(found.periodNo),
    name: found.name,
    plan_id: found.planId,
    calendar: found.calendar === "" ? null : found.calendar,
    starts_at: found.startsAt.toISOString(),
    ends_at: found.endsAt.toISOString(),
    time_zone: found.timeZone,
    currency: found.currency,
    state: found.state,
  };
}

const text = (no: bigint | null): string | null => (no === null ? null : String(no));

/** Runs with how their people are called, for the one who asks, and each against the ceiling of its plan. */
export async function runAnswers(
  tx: Tx,
  found: readonly CloseRun[],
  { companyId, asking }: { companyId: number; asking: string },
): Promise<z.infer<typeof run>[]> {
  if (found.length === 0) return [];
  const plans = await readPlanBook(tx, companyId);
  const people = new Map<string | null, { person: string | null; is_own: boolean }>([[null, { person: null, is_own: false }]]);
  for (const { person } of found)
    if (person !== null && !people.has(person))
      people.set(person, { person: await calledBy(tx, person), is_own: await isOnePerson(tx, person, asking) });
  return found.map((one) => ({
    ...runAnswer(one),
    ...(people.get(one.person) ?? { person: one.person, is_own: false }),
    payout: payoutAnswer(plans.byHash(one.planHash), one.totals),
  }));
}

function payoutAnswer(plan: Plan | null, totals: CloseRun["totals"]): z.infer<typeof payout> | null {
  const found = plan === null ? null : payoutOf(plan, totals);
  const { currency } = totals as { currency?: unknown };
  if (found === null || typeof currency !== "string") return null;
  const money = (minor: bigint) => amountText(minor, currency);
  const share = (ratio: typeof found.ofCv) => (ratio === null ? null : percentText(ratio));
  return {
    state: found.state,
    bounded: money(found.boundedMinor),
    fixed: money(found.fixedMinor),
    at_most: found.atMostMinor === null ? null : money(found.atMostMinor),
    shares_of_cv: found.shares && { bounded: found.shares.bounded, fixed: found.shares.fixed, at_most: found.shares.atMost },
    ceiling: { of_cv: share(found.ofCv), of_net: share(found.ofNet) },
    open: found.open.map(({ bonusId, because, bonus, why }) => ({ bonus: bonusId, because, matches: bonus ?? null, why })),
    fixed_bonuses: [...found.fixedBonuses],
  };
}

function runAnswer(found: CloseRun) {
  return {
    run_id: String(found.runNo),
    period_id: String(found.periodNo),
    kind: found.kind,
    cause: found.cause,
    actor: found.actor,
    plan_hash: found.planHash,
    input_hash: found.inputHash,
    output_hash: found.outputHash,
    totals: found.totals as Record<string, unknown>,
    supersedes: text(found.supersedes),
    superseded_by: text(found.supersededBy),
    started_at: found.startedAt.toISOString(),
    finished_at: found.finishedAt.toISOString(),
  };
}

export function changesAnswer(
  runNo: bigint,
  found: NonNullable<Awaited<ReturnType<typeof readChanges>>>,
  currency: string,
): z.infer<typeof changes> {
  const money = (minor: string | bigint) => amountText(BigInt(minor), currency);
  const gain = ({ people, minor }: { people: number; minor: string }) => ({ people, amount: money(minor) });
  return {
    run_id: String(runNo),
    since_run_id: found.sinceRun,
    currency,
    gained: gain(found.gained),
    lost: gain(found.lost),
    largest: found.largest.map(({ distributorNo, beforeMinor, afterMinor }) => ({
      distributor_id: found.people.get(distributorNo)?.distributorId ?? "",
      name: found.people.get(distributorNo)?.name ?? null,
      before: money(beforeMinor),
      after: money(afterMinor),
      difference: money(BigInt(afterMinor) - BigInt(beforeMinor)),
    })),
  };
}

export function resultAnswer(found: Result, plan: Plan, currency: string): z.infer<typeof result> {
  const rank = (no: number) => plan.ranks[no]?.id ?? null;
  return {
    distributor_id: found.distributorId,
    active: found.active,
    pv: formatVolume(found.pv),
    own_volume: formatVolume(found.ownVolume),
    gv: formatVolume(found.gv),
    personal_group_volume: formatVolume(found.personalGroupVolume),
    retail_volume: formatVolume(found.retailVolume),
    active_legs: found.activeLegs,
    qualified_rank: rank(found.qualifiedRank),
    rank: rank(found.rank),
    title: rank(found.title),
    bonuses: found.bonuses.map(({ bonusId, beforeCaps, amount }) => ({
      bonus: bonusId,
      before_caps: amountText(beforeCaps, currency),
      amount: amountText(amount, currency),
    })),
    currency,
  };
}

/** The reasons of a close, before any language. */
export function reasonsAnswer(reasons: Explained["reasons"]): z.infer<typeof explained>["reasons"] {
  return reasons && { activity: reasons.activity, rank: reasons.rank, next_rank: [...reasons.nextRank] };
}

/** Those of one bonus of it. */
export function bonusReasonsAnswer(
  reasons: Explained["bonuses"][number]["reasons"],
  notPaid: NotPaid | undefined,
): z.infer<typeof explained>["bonuses"][number]["reasons"] {
  if (reasons === null || notPaid?.reasons === null) return null;
  return { amount: reasons.amount, lines: [...reasons.lines], not_paid: [...(notPaid?.reasons ?? [])] };
}
