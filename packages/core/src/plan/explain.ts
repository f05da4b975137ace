import type { CommissionEntry, Computation, WalkStep } from "../order-facts.ts";
import { ENGLISH } from "../reasons/english.ts";
import { inEnglish } from "../reasons/in-english.ts";
import { FAMILIES } from "../reasons/outcome.ts";
import { type Reason, type ReasonKind, reason } from "../reasons/reason.ts";

/** The steps of a computation as reasons and in English, from stored inputs alone: no name but the ids the caller knows how to show. */

/** One step as a reason, such as "level 2: Silver needs 100 PV, had 80: 20 PV short; skipped, the level goes to the next". */
export function reasonOfStep(step: WalkStep): Reason {
  const told = outcomeOf(step);
  return step.level > 0 && step.outcome !== "end-of-upline" ? reason("at-level", { level: String(step.level) }, [told]) : told;
}

/** One step as a sentence in English. */
export function explainStep(step: WalkStep): string {
  return inEnglish(reasonOfStep(step));
}

function outcomeOf({ outcome, facts, parts = [] }: WalkStep): Reason {
  for (const family of FAMILIES) {
    const why = `why-${outcome.slice(family.length + 1)}`;
    if (outcome.startsWith(`${family}-`) && isKind(why)) return reason(family, facts, [reason(why, facts, parts)]);
  }
  if (!isKind(outcome)) throw new Error(`no sentence says what the outcome "${outcome}" is`);
  return reason(outcome, facts, parts);
}

function isKind(text: string): text is ReasonKind {
  return Object.hasOwn(ENGLISH, text);
}

/** One sentence of an explanation and whom it is about; null is the company or the order itself. */
export interface ExplainedStep {
  readonly distributorId: string | null;
  readonly level: number;
  readonly outcome: string;
  /** The same before any language. */
  readonly reason: Reason;
  readonly text: string;
}

/** How one commission came about: every step of its bonus and line, up to and including the one that paid it. */
export function explainCommission(
  computation: Pick<Computation, "walk">,
  entry: Pick<CommissionEntry, "bonusId" | "lineId" | "level" | "earner">,
): ExplainedStep[] {
  const steps = stepsOf(computation, entry.bonusId, entry.lineId);
  const last = steps.findIndex(
    (step) =>
      step.level === entry.level &&
      step.distributorId === entry.earner &&
      (step.outcome.startsWith("paid") || step.outcome === "breakage"),
  );
  return steps.slice(0, last < 0 ? steps.length : last + 1).map(explained);
}

/** Why a distributor was not paid, or was: every step that looked at them; empty where the walk never came to them. */
export function explainDistributor(computation: Pick<Computation, "walk">, distributorId: string): ExplainedStep[] {
  return computation.walk.filter((step) => step.distributorId === distributorId).map(explained);
}

function stepsOf(computation: Pick<Computation, "walk">, bonusId: string, lineId: string): WalkStep[] {
  return computation.walk.filter((step) => step.bonusId === bonusId && (step.lineId === lineId || step.lineId === "*"));
}

function explained(step: WalkStep): ExplainedStep {
  const told = reasonOfStep(step);
  return { distributorId: step.distributorId, level: step.level, outcome: step.outcome, reason: told, text: inEnglish(told) };
}
