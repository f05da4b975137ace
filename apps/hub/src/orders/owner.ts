import {
  type Attribution,
  attribute,
  type Candidate,
  type CandidateOutcome,
  compareRevisions,
  foldCode,
  LINK_SOURCES,
  type OrderState,
} from "@upline/core";
import type { KnownBuyer } from "./buyers.ts";
import type { Directory } from "./directory.ts";
import type { HubDecision, Judgement, Locked, Snapshot } from "./snapshot.ts";

/**
 * Whose an order is. A function of the states that are known and of what administrators decided, whatever the order of
 * arrival: what a person decided in the shop is read from the newest state alone, evidence from the oldest that leads to
 * somebody, and an administrator's decision stands against what the shop said by then.
 */

/** Where an administrator's decision was taken: here, not in the shop. */
export const HUB = "hub";

/** Of what an order is decided by, what says whose it is. */
interface OwnerInput {
  readonly before: Snapshot | null;
  readonly knownSince?: Date | null;
  readonly states: readonly OrderState[];
  readonly directory: Directory;
  readonly reattributeTo?: string | null;
}

type Owner = Pick<Locked, "attribution" | "attributedAt" | "byEvidence" | "byHub">;

export function ownerOf(state: OrderState, input: OwnerInput, buyer: KnownBuyer): Owner {
  const { before, directory, reattributeTo } = input;
  const shop = decisionOf(state, directory);
  const evidence = byEvidence(input);
  const byHub = reattributeTo === undefined ? hubDecision(before?.locked) : decideHere(state, reattributeTo, shop);
  const rest = { ...(evidence ? { byEvidence: evidence } : {}), ...(byHub ? { byHub } : {}) };
  if (reattributeTo !== undefined && byHub) return { ...hubsJudgement(byHub, before?.locked ?? null), ...rest };
  const buyerIs = ownBuyer(state, input, buyer);
  const wanted = wantedOwner({ state, input, buyerIs, shop, evidence, byHub });
  const kept = heldBack(state, input, wanted);
  const judgement = kept ?? wanted;
  return judgement === evidence ? { ...judgement, ...(byHub ? { byHub } : {}) } : { ...judgement, ...rest };
}

interface Wanting {
  readonly state: OrderState;
  readonly input: OwnerInput;
  readonly buyerIs: string | null;
  readonly shop: Attribution | null;
  readonly evidence: Judgement | null;
  readonly byHub: HubDecision | null;
}

function wantedOwner({ state, input, buyerIs, shop, evidence, byHub }: Wanting): Judgement {
  const locked = input.before?.locked ?? null;
  if (shop !== null && (byHub === null || byHub.against !== choiceOf(shop))) {
    // The same decision, sent again with a later revision, is the one that is known.
    const isKnown = locked !== null && isByShop(locked.attribution) && choiceOf(locked.attribution) === choiceOf(shop);
    return { attribution: shop, attributedAt: isKnown ? locked.attributedAt : state.revision };
  }
  if (byHub !== null) {
    const stands = locked !== null && chosenOf(locked.attribution)?.where === HUB;
    return stands ? { attribution: locked.attribution, attributedAt: locked.attributedAt } : hubsJudgement(byHub, locked);
  }
  const source = evidence && chosenOf(evidence.attribution)?.source;
  const isDeclined = state.nobody === "buyer" && source != null && LINK_SOURCES.includes(source);
  if (evidence !== null && !isDeclined) return evidence;
  const newest = judgeEvidence(state, input.directory);
  if (newest.distributorId !== null) return { attribution: newest, attributedAt: state.revision };
  return ownPurchase(newest, buyerIs);
}

/** The oldest revision whose evidence leads to a distributor, of all that are known. */
function byEvidence({ before, states, directory }: OwnerInput): Judgement | null {
  let oldest = before === null ? null : storedEvidence(before.locked);
  for (const state of states) {
    if (oldest?.attributedAt && compareRevisions(state.revision, oldest.attributedAt) >= 0) continue;
    const attribution = judgeEvidence(state, directory);
    if (attribution.distributorId !== null) oldest = { attribution, attributedAt: state.revision };
  }
  return oldest;
}

function storedEvidence({ byEvidence: stored, attribution, attributedAt }: Locked): Judgement | null {
  if (stored) return stored;
  const isEvidence = attributedAt !== null && attribution.distributorId !== null && chosenOf(attribution)?.source !== "manual";
  return isEvidence ? { attribution, attributedAt } : null;
}

/** What the shop's people decided, by the newest state; null where they decided nothing that leads anywhere. */
function decisionOf(state: OrderState, directory: Directory): Attribution | null {
  const judged = judge(state, directory);
  return isByShop(judged) ? judged : null;
}

/** What evidence says without anybody's decision. */
export function judgeEvidence(state: OrderState, directory: Directory): Attribution {
  const { nobody, ...rest } = state;
  const evidence = state.evidence.filter(({ source }) => source !== "manual");
  return judge({ ...rest, evidence, ...(nobody === "buyer" ? { nobody } : {}) }, directory);
}

function judge(state: OrderState, directory: Directory): Attribution {
  const at = Date.parse(state.placedAt);
  return attribute({
    evidence: state.evidence,
    order: directory.evidenceOrder,
    findByCode: (code) => directory.findByCode(code, at),
    nobody: state.nobody,
  });
}

export const chosenOf = (attribution: Attribution): Candidate | undefined =>
  attribution.candidates.find(({ outcome }) => outcome === "chosen");

export function isByShop(attribution: Attribution): boolean {
  const chosen = chosenOf(attribution);
  return chosen?.source === "manual" && chosen.where !== HUB;
}

const choiceOf = (attribution: Attribution): string => foldCode(chosenOf(attribution)?.code ?? "");

/** An administrator's decision; of older snapshots it is the candidate that was chosen here. */
function hubDecision(locked: Locked | undefined): HubDecision | null {
  if (locked === undefined) return null;
  if (locked.byHub) return locked.byHub;
  const { attribution, attributedAt } = locked;
  if (chosenOf(attribution)?.where !== HUB || attributedAt === null) return null;
  const shops = attribution.candidates.find(({ source, where }) => source === "manual" && where !== HUB);
  return { distributorId: attribution.distributorId, against: shops ? foldCode(shops.code) : null, revision: attributedAt };
}

function decideHere(state: OrderState, distributorId: string | null, shop: Attribution | null): HubDecision {
  return { distributorId, against: shop === null ? null : choiceOf(shop), revision: state.revision };
}

const ONCE_DECIDED: readonly CandidateOutcome[] = ["chosen", "period-closed"];

/** Clearing the owner is a decision like any other, and is kept as one: otherwise the old code would win again. */
function hubsJudgement({ distributorId, revision }: HubDecision, locked: Locked | null): Judgement {
  const candidates = (locked?.attribution.candidates ?? [])
    .filter(({ where }) => where !== HUB)
    .map((candidate) => (ONCE_DECIDED.includes(candidate.outcome) ? { ...candidate, outcome: "outranked" as const } : candidate));
  const chosen = { source: "manual", code: distributorId ?? "", where: HUB, distributorId, outcome: "chosen" } as const;
  return { attribution: { distributorId, candidates: [chosen, ...candidates], unresolved: false }, attributedAt: revision };
}

/**
 * What was counted in a closed period is not moved from the shop: the order stays as it is, among those that an
 * administrator has to decide. Null where nothing has to be kept.
 */
function heldBack(state: OrderState, { before, knownSince, directory }: OwnerInput, wanted: Judgement): Judgement | null {
  if (before === null || knownSince == null) return null;
  const { attribution, attributedAt, planHash } = before.locked;
  const isShops = isByShop(wanted.attribution) || isByShop(attribution);
  if (!isShops || wanted.attribution.distributorId === attribution.distributorId) return null;
  const order = { planHash, placedAt: Date.parse(state.placedAt), knownSince: knownSince.getTime() };
  if (!directory.wasClosedOver(order)) return null;
  const asked = wanted.attribution.candidates
    .filter((candidate) => candidate.outcome === "chosen")
    .map((candidate) => ({ ...candidate, outcome: "period-closed" as const }));
  const known = attribution.candidates.filter(({ outcome }) => outcome !== "period-closed");
  return { attribution: { ...attribution, candidates: [...known, ...asked], unresolved: true }, attributedAt };
}

/** Which distributor the buyer is. An own purchase stays one; one that is learnt of later is, until a period is closed over it. */
function ownBuyer(state: OrderState, { before, directory }: OwnerInput, buyer: KnownBuyer): string | null {
  const locked = before?.locked;
  const known = locked && locked.attributedAt === null && chosenOf(locked.attribution) === undefined ? locked.attribution : null;
  if (known !== null && known.distributorId !== null) return known.distributorId;
  const isOpen = locked === undefined || directory.isOpen(locked.planHash, Date.parse(state.placedAt));
  return isOpen ? (buyer.distributors[0] ?? null) : null;
}

/** Nobody referred the buyer, but the buyer is a distributor: the purchase is their own. */
function ownPurchase(judged: Attribution, buyerIs: string | null): Judgement {
  if (buyerIs === null || judged.unresolved) return { attribution: judged, attributedAt: null };
  return { attribution: { ...judged, distributorId: buyerIs }, attributedAt: null };
}
