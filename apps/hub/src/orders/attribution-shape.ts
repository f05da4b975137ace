import { z } from "@hono/zod-openapi";
import {
  attribute,
  type Candidate,
  type CandidateOutcome,
  type EvidenceSource,
  inEnglish,
  type Reason,
  reason,
} from "@upline/core";
import type { ToldEvidence } from "../db/schema/apps.ts";
import { reasonShape } from "../http/reason-shape.ts";
import { distributorText } from "../http/shapes.ts";
import type { Directory } from "./directory.ts";
import { HUB } from "./owner.ts";
import type { Locked } from "./snapshot.ts";

/** Who owns an order and why: every piece of evidence, and what became of it. */
export const attribution = z
  .object({
    distributor_id: distributorText.nullable().openapi({ description: "Null is the company: nobody is paid" }),
    why: z.string().openapi({ example: 'the cart attribute "ABC123" (distributor_ref) belongs to distributor 9012' }),
    reason: reasonShape,
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
        reason: reasonShape,
      }),
    ),
  })
  .openapi("Attribution");
export type AttributionAnswer = z.infer<typeof attribution>;

/** Why a piece of evidence decided, or did not. */
export const outcomeReason = (outcome: CandidateOutcome): Reason => reason(`evidence-${outcome}`);

/** A reason, and the same in English. */
export const whyIn = (told: Reason): { why: string; reason: Reason } => ({ why: inEnglish(told), reason: told });

export function attributionAnswer(locked: Locked): AttributionAnswer {
  const { distributorId, unresolved, candidates } = locked.attribution;
  return {
    distributor_id: distributorId,
    ...whyIn(whyOf(locked)),
    unresolved,
    self_purchase: locked.buyer === "self",
    candidates: candidates.map((candidate) => ({ ...plainCandidate(candidate), ...whyIn(outcomeReason(candidate.outcome)) })),
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
    ...whyIn(whyTold(candidate, statuses.get(candidate.where) ?? "kept", answer.distributor_id)),
  }));
  return { ...answer, candidates: [...answer.candidates, ...shown] };
}

const SOURCE_OF = { pixel: "web-pixel", claim: "buyer-claim" } as const satisfies Record<ToldEvidence["kind"], EvidenceSource>;
const placeOf = ({ kind, evidenceNo }: ToldEvidence): string => `${kind} ${evidenceNo}`;

function whyTold({ outcome, distributorId }: Candidate, status: ToldEvidence["status"], owner: string | null): Reason {
  if (status === "accepted") return reason("told-accepted");
  if (status === "refused") return reason("told-refused");
  if (outcome !== "not-alone") return outcomeReason(outcome);
  if (owner !== null && owner === distributorId) return reason("told-agrees");
  return status === "open" ? reason("told-waits") : outcomeReason(outcome);
}

const plainCandidate = (candidate: Candidate) => ({
  source: candidate.source,
  code: candidate.code,
  where: candidate.where,
  distributor_id: candidate.distributorId,
  outcome: candidate.outcome,
});

/** Why an order is whose it is. */
export function whyOf({ attribution: { distributorId, unresolved, candidates } }: Pick<Locked, "attribution">): Reason {
  const chosen = candidates.find((candidate) => candidate.outcome === "chosen");
  const distributor = distributorId ?? undefined;
  if (chosen?.source === "manual" && distributor === undefined)
    return reason("decided-for-nobody", { by: chosen.where === HUB ? "admin" : "shop" });
  if (chosen?.source === "manual" && chosen.where === HUB) return reason("decided-by-admin", { distributor });
  if (chosen)
    return reason("decided-by-evidence", { source: chosen.source, code: chosen.code, where: chosen.where, distributor });
  if (distributor !== undefined) return reason("own-purchase-order", { distributor });
  if (!unresolved) return reason("no-code");
  const [first] = candidates.filter((candidate) => candidate.outcome !== "not-a-referral-code");
  if (first === undefined) return reason("code-to-nobody");
  return reason("evidence-failed", { source: first.source, code: first.code }, [outcomeReason(first.outcome)]);
}
