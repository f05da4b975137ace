import type { OrderState } from "@upline/core";
import type { OrderRevision } from "../db/schema/orders.ts";
import { sha256 } from "../secret-box.ts";
import { ALL_CLASSES, mostSales, type Sale, type SaleScope, scopeKey } from "./counted-sales.ts";
import { type DecideInput, type Decision, decide, type Known, know, lock } from "./decide.ts";
import type { Directory } from "./directory.ts";
import { factsOf, gatherFacts } from "./facts.ts";
import { type BuyerOrder, tieOf } from "./first-orders.ts";
import { type ReadDelivery, statesOf } from "./read.ts";
import { isNewestFormat, type Locked, readSnapshot, type Snapshot } from "./snapshot.ts";
import { writeSnapshot } from "./snapshot-text.ts";
import type { KnownFact, OrderKey, StoredOrder } from "./writes.ts";

/** One order of a batch, with everything that wants to change it. */
export interface OrderWork extends OrderKey {
  readonly reads: readonly ReadDelivery[];
  readonly cause: OrderRevision["cause"];
  /** States that no delivery carries: orders sent over the API. */
  readonly states?: readonly OrderState[];
  /** An admin's decision; undefined leaves the attribution alone. */
  readonly reattributeTo?: string | null;
}

/** An order with what is stored and heard of it, before anything is decided. */
export interface Seen {
  readonly work: OrderWork;
  readonly stored: StoredOrder | null;
  readonly before: Snapshot | null;
  readonly input: DecideInput;
  /** Null where nothing is known of the order itself yet, only facts. */
  readonly known: Known | null;
  readonly newFacts: readonly KnownFact[];
}

/** An order, and what was decided of it. */
export interface Settled extends Seen {
  readonly decision: Decision | null;
  readonly snapshotText: string;
  readonly stateHash: string;
  /** Whether anything but the revision's own mark differs from what is stored. */
  readonly changed: boolean;
}

/** The pure middle for one order begins: what is known of it, and of its buyer. */
export function see(args: {
  work: OrderWork;
  heard: readonly string[];
  stored: StoredOrder | null;
  facts: readonly KnownFact[];
  directory: Directory;
}): Seen {
  const { work, heard, stored, directory } = args;
  const before = stored ? lastKnown(stored) : null;
  const newFacts = factsOf(work, work.reads);
  const input = {
    before,
    knownSince: stored?.recordedAt ?? null,
    states: toldBy(work),
    heard,
    facts: gatherFacts([...args.facts, ...newFacts]),
    directory,
    ...(work.reattributeTo === undefined ? {} : { reattributeTo: work.reattributeTo }),
  };
  return { work, stored, before, input, known: know(input), newFacts };
}

/** Every state of an order that something tells which wants to change it. */
export function toldBy({ reads, states = [] }: OrderWork): OrderState[] {
  return [...statesOf(reads), ...states];
}

/** The order as one of its buyer's; null where nothing is known of it. */
export function buyerOrderOf({ work, stored, before, known }: Seen): BuyerOrder | null {
  if (known === null) return null;
  const { state, buyer } = known;
  return {
    storeId: work.storeId,
    platformOrderId: work.platformOrderId,
    placedAt: stored?.placedAt.getTime() ?? Date.parse(state.placedAt),
    tie: tieOf(state.platform, work),
    hashes: buyer.hashes,
    counts: counts(state),
    counted: before !== null && counts(before.state),
  };
}

/** A void order, cancelled, failed or deleted, is nobody's first; one that waits for its money is. */
const counts = (state: OrderState) => state.stage.kind !== "void";

/** The order as one of its sponsor's sales; null where its plan counts none, or it has no sponsor and is none of one's any more. */
export function saleOf({ work, before, known, stored, input }: Seen): Sale | null {
  if (known === null) return null;
  const { state } = known;
  const at = Date.parse(state.placedAt);
  const planHash = before?.locked.planHash ?? input.directory.planAt(at)?.hash ?? null;
  const plan = planHash === null ? null : input.directory.planByHash(planHash);
  const most = plan === null ? null : mostSales(plan);
  if (plan === null || most === null) return null;
  const scopesOf = (locked: Locked): SaleScope[] => {
    const sponsor = locked.upline[1]?.distributorId;
    const sponsorNo = sponsor === undefined ? null : input.directory.network.numberOf(sponsor);
    const classes = [...new Set(Object.values(locked.mappings).map(({ commissionClass }) => commissionClass))];
    if (sponsorNo === null || classes.length === 0) return [];
    return [ALL_CLASSES, ...classes.sort()].map((commissionClass) => ({ sponsorNo, planId: plan.id, commissionClass }));
  };
  const scopes = scopesOf(lock(known, input));
  const now = new Set(scopes.map(scopeKey));
  return {
    storeId: work.storeId,
    platformOrderId: work.platformOrderId,
    placedAt: stored?.placedAt.getTime() ?? at,
    tie: tieOf(state.platform, work),
    counts: counts(state),
    scopes,
    left: before === null ? [] : scopesOf(before.locked).filter((scope) => !now.has(scopeKey(scope))),
    most,
  };
}

/** And ends: what is to be, now that it is known whether the order is its buyer's first. */
export function settle(seen: Seen, firstOrder: boolean, saleNumbers?: Readonly<Record<string, number>>): Settled {
  const decision = decide({ ...seen.input, firstOrder, saleNumbers }, seen.known);
  if (decision === null) return { ...seen, decision, snapshotText: "", stateHash: "", changed: false };
  const { text: snapshotText, content } = writeSnapshot(decision.snapshot);
  const stateHash = hashOf(content);
  return { ...seen, decision, snapshotText, stateHash, changed: knownHash(seen) !== stateHash };
}

const hashOf = (content: string) => sha256(content).toString("base64url");

/** Of what is stored, as it would be written today: what a newer program writes otherwise is no change of the order. */
function knownHash({ stored, before }: Seen): string | null {
  if (stored === null || before === null) return null;
  return isNewestFormat(stored.snapshot) ? stored.stateHash : hashOf(writeSnapshot(before).content);
}

/** The newest revision's mark stands on the order: one that changed nothing has no snapshot of its own, yet older deliveries lose against it. */
function lastKnown(stored: StoredOrder): Snapshot {
  const snapshot = readSnapshot(stored.snapshot);
  const revision = { at: stored.revisionAt.toISOString(), tie: stored.revisionTie };
  return { ...snapshot, state: { ...snapshot.state, revision } };
}
