import type { OrderState } from "@upline/core";
import type { OrderRevision } from "../db/schema/orders.ts";
import { sha256 } from "../secret-box.ts";
import { type DecideInput, type Decision, decide, type Known, know } from "./decide.ts";
import type { Directory } from "./directory.ts";
import { factsOf, gatherFacts } from "./facts.ts";
import { type BuyerOrder, tieOf } from "./first-orders.ts";
import { type ReadDelivery, statesOf } from "./read.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";
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

/** And ends: what is to be, now that it is known whether the order is its buyer's first. */
export function settle(seen: Seen, firstOrder: boolean): Settled {
  const decision = decide({ ...seen.input, firstOrder }, seen.known);
  if (decision === null) return { ...seen, decision, snapshotText: "", stateHash: "", changed: false };
  const { text: snapshotText, content } = writeSnapshot(decision.snapshot);
  const stateHash = sha256(content).toString("base64url");
  return { ...seen, decision, snapshotText, stateHash, changed: seen.stored?.stateHash !== stateHash };
}

/** The newest revision's mark stands on the order: one that changed nothing has no snapshot of its own, yet older deliveries lose against it. */
function lastKnown(stored: StoredOrder): Snapshot {
  const snapshot = readSnapshot(stored.snapshot);
  const revision = { at: stored.revisionAt.toISOString(), tie: stored.revisionTie };
  return { ...snapshot, state: { ...snapshot.state, revision } };
}
