import type { CommissionEntry, Computation, WalkStep } from "../order-facts.ts";

/**
 * Plain English for the steps of a computation, from stored inputs alone: no name but the ids the
 * caller knows how to show. Each outcome code of the engine has exactly one sentence here.
 */

type Facts = Readonly<Record<string, string>>;
type Sentence = (facts: Facts, step: WalkStep) => string;

const why: Readonly<Record<string, (facts: Facts) => string>> = {
  status: (f) => `status is "${f.status}", which does not earn`,
  pv: (f) => `${f.rank === "no rank" ? "being active" : f.rank} needs ${f.neededPv} PV, had ${f.hadPv}: ${f.shortPv} PV short`,
  blocked: (f) => `somebody of ${f.rank} or higher stands between`,
  "already-paid": () => "a share at least as high was already paid on this volume",
  condition: (f) => f.short ?? "",
  closed: (f) =>
    `level ${f.level} is not open: ${f.measure} was ${f.had}${f.needed === undefined ? "" : `, ${f.needed} open it`}`,
  row: (f) =>
    `${f.by} was ${f.had}, which has no rate here${f.needed === undefined ? "" : `: ${f.needed} is the least that has`}`,
  "passed-up": () => "this enrolment is among the first, whose pay is passed up",
  rank: (f) =>
    f.neededRank === undefined
      ? `${f.rank} is not paid here`
      : `${f.rank} is not paid here, ${f.neededRank} is the lowest rank that is`,
};

const SENTENCES: Readonly<Record<string, Sentence>> = {
  paid: (f) => `${f.rank} earns ${percent(f.rate)} of ${f.base} = ${f.amount} ${f.currency}`,
  "paid-passed-share": (f) =>
    `earns the share ${f.passedFrom} did not qualify for: ${percent(f.rate)} of ${f.base} = ${f.amount} ${f.currency}`,
  "paid-difference": (f) =>
    `${f.rank} has ${percent(f.own)}, ${percent(f.paidBelow)} was paid below: ${percent(f.rate)} of ${f.base} = ${f.amount} ${f.currency}`,
  converted: (f) => `${f.net} ${f.from} are ${f.converted} ${f.to} at ${f.rate}`,
  "paid-fixed": (f) => `${f.quantity} × ${f.each} = ${f.amount} ${f.currency}`,
  base: (f) => baseText(f),
  "base-left": (f) =>
    `paid on ${BASES[f.of ?? ""] ?? f.of}: of ${f.whole} ${f.base} ${f.currency} count, after what orders were paid and where a part counts`,
  replaced: (f) => `this order pays "${f.by}" in place of this bonus`,
  "rounded-to-zero": (f) => `${percent(f.rate)} of ${f.base} rounds to nothing`,
  "passed-up-coded": (f) =>
    `${f.of === "sales" ? "sale" : "recruit"} number ${f.number} is among the first ${f.count}, whose pay is passed up`,
  "paid-to-company": (f) =>
    `of ${percent(f.own)} of ${f.base} ${percent(f.paidBelow)} is kept below: ${f.amount} ${f.currency} go to the company`,
  breakage: (f) => `nobody qualified for ${percent(f.rate)} of ${f.base}: ${f.amount} ${f.currency} stay with the company`,
  "end-of-upline": (f) =>
    f.from === f.to
      ? `the upline ends here: level ${f.from} has nobody`
      : `the upline ends here: levels ${f.from} to ${f.to} have nobody`,
  "no-margin": () => "no retail margin is known for this line",
  promotion: (f) => `the promotion "${f.promotion}" runs: what it sets counts in place of the plan's own`,
  tree: (f) => `goes by the tree "${f.tree}"`,
  "own-purchase": () => "an own purchase pays nobody under this plan",
  "class-excluded": (f) => `the commission class "${f.class}" takes no part in this bonus`,
};

const FAMILIES: readonly (readonly [prefix: string, then: (facts: Facts) => string])[] = [
  ["skipped-", () => "skipped, the level goes to the next"],
  ["unearned-", () => "not earned, the level is used"],
  ["source-dropped-", () => "this volume pays nobody"],
  ["source-rolled-up-", (f) => `this volume counts as ${f.to}'s`],
];

/** One step as a sentence, such as "level 2: Silver needs 100 PV, had 80: 20 PV short; skipped, the level goes to the next". */
export function explainStep(step: WalkStep): string {
  const text = sentence(step);
  return step.level > 0 && step.outcome !== "end-of-upline" ? `level ${step.level}: ${text}` : text;
}

function sentence(step: WalkStep): string {
  const own = SENTENCES[step.outcome];
  if (own) return `${own(step.facts, step)}${togetherRounded(step.facts)}`;
  for (const [prefix, then] of FAMILIES) {
    const reason = step.outcome.startsWith(prefix) ? why[step.outcome.slice(prefix.length)] : undefined;
    if (reason) return `${reason(step.facts)}; ${then(step.facts)}`;
  }
  return step.outcome;
}

const BASES: Readonly<Record<string, string>> = {
  net: "net",
  retail: "retail price",
  cv: "money for CV",
  pv: "money for PV",
  qv: "money for QV",
};

/** What a bonus is computed on, where something is taken off or only a part counts. */
function baseText({ of = "", whole, less, rest, currency, window, share, base }: Facts): string {
  const left = less === "" ? `${whole} ${currency}` : `${whole} less ${less} = ${rest} ${currency}`;
  const part = window === undefined ? "" : `; ${percent(share)} of it counts while "${window}" runs: ${base} ${currency}`;
  return `paid on ${BASES[of] ?? of}: ${left}${part}`;
}

/** What an amount was before it was rounded together with the order's other shares. */
function togetherRounded({ exact, amount }: Facts): string {
  if (exact === undefined || exact === amount) return "";
  return ` (exactly ${exact}: an order's shares are rounded together, the largest remainders up)`;
}

/** "0.05" as "5%", exact. */
export function percent(rate: string | undefined): string {
  if (rate === undefined) return "";
  const [whole = "0", fraction = ""] = rate.split(".");
  const digits = fraction.padEnd(2, "0");
  const units = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const rest = digits.slice(2).replace(/0+$/, "");
  return rest === "" ? `${units}%` : `${units}.${rest}%`;
}

/** One sentence of an explanation and whom it is about; null is the company or the order itself. */
export interface ExplainedStep {
  readonly distributorId: string | null;
  readonly level: number;
  readonly outcome: string;
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
  return { distributorId: step.distributorId, level: step.level, outcome: step.outcome, text: explainStep(step) };
}
