import type { Evidence, EvidenceSource } from "./order.ts";
import { foldCode } from "./referral-code.ts";

/** Best first. A company may reorder it; a manual decision always wins. */
export const DEFAULT_EVIDENCE_ORDER: readonly EvidenceSource[] = [
  "manual",
  "discount-code",
  "checkout-field",
  "cart-attribute",
  "line-property",
  "landing-site",
];

/** Why a piece of evidence did or did not decide. */
export type CandidateOutcome =
  | "chosen"
  | "outranked"
  /** No distributor has this code. */
  | "unknown-code"
  /** A discount code that is simply a discount: it belongs to nobody and claims nothing. */
  | "not-a-referral-code"
  /** The distributor may not receive orders (suspended, terminated). */
  | "not-eligible"
  /** Lines name different distributors: for a person to decide. */
  | "contradicts-itself";

export interface Candidate extends Evidence {
  readonly distributorId: string | null;
  readonly outcome: CandidateOutcome;
}

/** Which distributor owns the order, and what became of every piece of evidence. */
export interface Attribution {
  readonly distributorId: string | null;
  readonly candidates: readonly Candidate[];
  /** A code was given, but it led to nobody: the order waits in the unresolved list instead of vanishing into the house account. */
  readonly unresolved: boolean;
}

export interface AttributionInput {
  readonly evidence: readonly Evidence[];
  readonly order: readonly EvidenceSource[];
  /** The distributor a folded code belongs to at the order's time; null for an unknown code. */
  readonly findByCode: (foldedCode: string) => { readonly distributorId: string; readonly eligible: boolean } | null;
}

/** Decides by the company's order of evidence; within one source the first that leads somewhere wins. */
export function attribute({ evidence, order, findByCode }: AttributionInput): Attribution {
  const ranked = order.flatMap((source) => evidence.filter((entry) => entry.source === source));
  const contradiction = linesContradict(evidence, findByCode);
  let distributorId: string | null = null;
  const candidates = ranked.map((entry): Candidate => {
    const found = findByCode(foldCode(entry.code));
    const failure = whyNot(entry, found, contradiction);
    if (failure) return { ...entry, distributorId: found?.distributorId ?? null, outcome: failure };
    const outcome = distributorId === null ? "chosen" : "outranked";
    distributorId ??= found?.distributorId ?? null;
    return { ...entry, distributorId: found?.distributorId ?? null, outcome };
  });
  const unresolved = distributorId === null && candidates.some((candidate) => candidate.outcome !== "not-a-referral-code");
  return { distributorId, candidates, unresolved };
}

function whyNot(entry: Evidence, found: { eligible: boolean } | null, contradiction: boolean): CandidateOutcome | null {
  if (!found) return entry.source === "discount-code" ? "not-a-referral-code" : "unknown-code";
  if (!found.eligible) return "not-eligible";
  return entry.source === "line-property" && contradiction ? "contradicts-itself" : null;
}

function linesContradict(evidence: readonly Evidence[], findByCode: AttributionInput["findByCode"]): boolean {
  const owners = evidence
    .filter((entry) => entry.source === "line-property")
    .map((entry) => findByCode(foldCode(entry.code))?.distributorId)
    .filter((owner) => owner !== undefined);
  return new Set(owners).size > 1;
}
