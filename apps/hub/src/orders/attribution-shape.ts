import { z } from "@hono/zod-openapi";
import { attribute, type Candidate, type CandidateOutcome, type EvidenceSource } from "@upline/core";
import type { ToldEvidence } from "../db/schema/apps.ts";
import { distributorText } from "../http/shapes.ts";
import type { Directory } from "./directory.ts";
import { HUB } from "./owner.ts";
import type { Locked } from "./snapshot.ts";

/** Who owns an order and why: every piece of evidence, and what became of it. */
export const attribution = z
  .object({
    distributor_id: distributorText.nullable().openapi({ description: "Null is the company: nobody is paid" }),
    why: z.string().openapi({ example: 'the cart attribute "ABC123" (distributor_ref) belongs to distributor 9012' }),
    unresolved: z.boolean().openapi({ description: "A code was given, but it leads to nobody: for a person to decide" }),
    self_purchase: z.boolean(),
    candidates: z.array(
      z.object({
        source: z.string(),
        code: z.string(),
        where: z.string(),
        distributor_id: z.string().nullable(),
        outcome: z.string(),
        why: z.string(),
      }),
    ),
  })
  .openapi("Attribution");
export type AttributionAnswer = z.infer<typeof attribution>;

export const WHY: Readonly<Record<CandidateOutcome, string>> = {
  chosen: "decided",
  outranked: "better evidence decided",
  "unknown-code": "no distributor has this code",
  "not-a-referral-code": "a discount that belongs to no distributor, so it claims nothing",
  "not-eligible": "the distributor may not receive orders (suspended or terminated)",
  "contradicts-itself": "the lines name different distributors",
  "not-alone": "came beside the order, and never decides by itself",
  declined: "the buyer said that nobody referred them, so that no link counts",
  "period-closed": "the shop decided it after the order's period was closed: an administrator has to decide",
};

const SOURCES: Readonly<Record<EvidenceSource, string>> = {
  manual: "decision by hand",
  "discount-code": "discount code",
  "checkout-field": "checkout field",
  "cart-attribute": "cart attribute",
  "line-property": "line property",
  "landing-site": "landing page",
  "web-pixel": "storefront's pixel",
  "buyer-claim": "buyer's claim",
};

export function attributionAnswer(locked: Locked): AttributionAnswer {
  const { distributorId, unresolved, candidates } = locked.attribution;
  return {
    distributor_id: distributorId,
    why: whyOf(locked),
    unresolved,
    self_purchase: locked.buyer === "self",
    candidates: candidates.map((candidate) => ({ ...plainCandidate(candidate), why: WHY[candidate.outcome] })),
  };
}

/** With what was told beside the order: judged as all evidence is, and deciding nothing. */
export function withTold(answer: AttributionAnswer, told: readonly ToldEvidence[], directory: Directory): AttributionAnswer {
  if (told.length === 0) return answer;
  const statuses = new Map(told.map((one) => [placeOf(one), one.status]));
  const { candidates } = attribute({
    evidence: told.map((one) => ({ source: SOURCE_OF[one.kind], code: one.code, where: placeOf(one) })),
    order: directory.evidenceOrder,
    findByCode: (code) => directory.findByCode(code, Date.now()),
  });
  const shown = candidates.map((candidate) => ({
    ...plainCandidate(candidate),
    why: whyTold(candidate, statuses.get(candidate.where) ?? "kept", answer.distributor_id),
  }));
  return { ...answer, candidates: [...answer.candidates, ...shown] };
}

const SOURCE_OF = { pixel: "web-pixel", claim: "buyer-claim" } as const satisfies Record<ToldEvidence["kind"], EvidenceSource>;
const placeOf = ({ kind, evidenceNo }: ToldEvidence): string => `${kind} ${evidenceNo}`;

function whyTold({ outcome, distributorId }: Candidate, status: ToldEvidence["status"], owner: string | null): string {
  if (status === "accepted") return "somebody accepted it: the decision by hand";
  if (status === "refused") return "somebody refused it";
  if (outcome !== "not-alone") return WHY[outcome];
  if (owner !== null && owner === distributorId) return "came beside the order, and says the same";
  return status === "open" ? "waits for a person to accept or refuse it" : WHY[outcome];
}

const plainCandidate = (candidate: Candidate) => ({
  source: candidate.source,
  code: candidate.code,
  where: candidate.where,
  distributor_id: candidate.distributorId,
  outcome: candidate.outcome,
});

/** Why an order is whose it is, in a sentence. */
export function whyOf({ attribution: { distributorId, unresolved, candidates } }: Pick<Locked, "attribution">): string {
  const chosen = candidates.find((candidate) => candidate.outcome === "chosen");
  if (chosen?.source === "manual" && distributorId === null)
    return `${chosen.where === HUB ? "an administrator" : "the shop"} decided that it belongs to nobody`;
  if (chosen?.source === "manual" && chosen.where === HUB)
    return `an administrator decided that it belongs to distributor ${distributorId}`;
  if (chosen) return `the ${SOURCES[chosen.source]} "${chosen.code}" (${chosen.where}) belongs to distributor ${distributorId}`;
  if (distributorId !== null) return `no code came with it, and the buyer is distributor ${distributorId}: an own purchase`;
  if (!unresolved) return "no referral code came with it: it belongs to the company";
  const [first] = candidates.filter((candidate) => candidate.outcome !== "not-a-referral-code");
  return first === undefined ? "its code leads to nobody" : `the ${SOURCES[first.source]} "${first.code}": ${WHY[first.outcome]}`;
}
