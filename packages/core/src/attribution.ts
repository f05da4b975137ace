import type { Evidence, EvidenceSource, OrderState } from "./order.ts";
import { foldCode } from "./referral-code.ts";

/** Best first. A company may reorder it; a manual decision always wins. */
export const DEFAULT_EVIDENCE_ORDER: readonly EvidenceSource[] = [
  "manual",
  "discount-code",
  "checkout-field",
  "cart-attribute",
  "line-property",
  "landing-site",
  "web-pixel",
  "buyer-claim",
];

/**
 * Evidence that came beside the order: what a pixel in the buyer's browser saw, and whom the buyer named after the purchase.
 * Anybody can send such a thing, so that it stands in the order of evidence and never decides.
 */
export const BESIDE_SOURCES: readonly EvidenceSource[] = ["web-pixel", "buyer-claim"];

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
  | "contradicts-itself"
  /** A link, and the buyer has said that nobody referred them. */
  | "declined"
  /** It came beside the order, and never decides by itself. */
  | "not-alone"
  /** The shop's people decided it after the order's period was closed: for an administrator to decide. */
  | "period-closed";

/** Evidence that a link left behind: it does not count against a buyer who says that nobody referred them. */
export const LINK_SOURCES: readonly EvidenceSource[] = ["cart-attribute", "landing-site"];

/** Where a decision of the shop's people for nobody stands, for it has no code. */
export const SHOP_DECISION = "the shop";

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
  readonly nobody?: OrderState["nobody"];
}

/** Decides by the company's order of evidence; within one source the first that leads somewhere wins. */
export function attribute({ evidence, order, findByCode, nobody }: AttributionInput): Attribution {
  const ranked = order.flatMap((source) => evidence.filter((entry) => entry.source === source));
  const contradiction = linesContradict(evidence, findByCode);
  let distributorId: string | null = null;
  const candidates = ranked.map((entry): Candidate => {
    const found = findByCode(foldCode(entry.code));
    const isDeclined = nobody === "buyer" && LINK_SOURCES.includes(entry.source);
    const failure = isDeclined ? "declined" : whyNot(entry, found, contradiction);
    if (failure) return { ...entry, distributorId: found?.distributorId ?? null, outcome: failure };
    const outcome = distributorId === null && nobody !== "shop" ? "chosen" : "outranked";
    if (outcome === "chosen") distributorId = found?.distributorId ?? null;
    return { ...entry, distributorId: found?.distributorId ?? null, outcome };
  });
  if (nobody === "shop") {
    const decision = { source: "manual", code: "", where: SHOP_DECISION, distributorId: null, outcome: "chosen" } as const;
    return { distributorId: null, candidates: [decision, ...candidates], unresolved: false };
  }
  const unresolved = distributorId === null && candidates.some(({ outcome }) => !CLAIMS_NOTHING.includes(outcome));
  return { distributorId, candidates, unresolved };
}

/** What such evidence says of nobody, so that nobody has to look into it. */
const CLAIMS_NOTHING: readonly CandidateOutcome[] = ["not-a-referral-code", "declined"];

function whyNot(entry: Evidence, found: { eligible: boolean } | null, contradiction: boolean): CandidateOutcome | null {
  if (!found) return entry.source === "discount-code" ? "not-a-referral-code" : "unknown-code";
  if (!found.eligible) return "not-eligible";
  if (BESIDE_SOURCES.includes(entry.source)) return "not-alone";
  return entry.source === "line-property" && contradiction ? "contradicts-itself" : null;
}

function linesContradict(evidence: readonly Evidence[], findByCode: AttributionInput["findByCode"]): boolean {
  const owners = evidence
    .filter((entry) => entry.source === "line-property")
    .map((entry) => findByCode(foldCode(entry.code))?.distributorId)
    .filter((owner) => owner !== undefined);
  return new Set(owners).size > 1;
}
