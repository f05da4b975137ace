import type { OrderState } from "@upline/core";
import type { OrderRevision } from "../db/schema/orders.ts";
import { sha256 } from "../secret-box.ts";
import { type Decision, decide } from "./decide.ts";
import type { Directory } from "./directory.ts";
import { factsOf, gatherFacts } from "./facts.ts";
import { type ReadDelivery, statesOf } from "./read.ts";
import { readSnapshot, type Snapshot, writeSnapshot } from "./snapshot.ts";
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

/** An order, and what was decided of it. */
export interface Settled {
  readonly work: OrderWork;
  readonly stored: StoredOrder | null;
  readonly before: Snapshot | null;
  /** Null where nothing is known of the order itself yet, only facts. */
  readonly decision: Decision | null;
  readonly snapshotText: string;
  readonly stateHash: string;
  /** Whether anything but the revision's own mark differs from what is stored. */
  readonly changed: boolean;
  readonly newFacts: readonly KnownFact[];
}

/** The pure middle for one order: from what is stored and what came to what is to be. */
export function settle(args: {
  work: OrderWork;
  stored: StoredOrder | null;
  facts: readonly KnownFact[];
  directory: Directory;
}): Settled {
  const { work, stored, directory } = args;
  const before = stored ? lastKnown(stored) : null;
  const newFacts = factsOf(work, work.reads);
  const decision = decide({
    before,
    states: [...statesOf(work.reads), ...(work.states ?? [])],
    facts: gatherFacts([...args.facts, ...newFacts]),
    directory,
    ...(work.reattributeTo === undefined ? {} : { reattributeTo: work.reattributeTo }),
  });
  if (decision === null) return { work, stored, before, decision, snapshotText: "", stateHash: "", changed: false, newFacts };
  const { text: snapshotText, content } = writeSnapshot(decision.snapshot);
  const stateHash = sha256(content).toString("base64url");
  return { work, stored, before, decision, snapshotText, stateHash, changed: stored?.stateHash !== stateHash, newFacts };
}

/** The newest revision's mark stands on the order: one that changed nothing has no snapshot of its own, yet older deliveries lose against it. */
function lastKnown(stored: StoredOrder): Snapshot {
  const snapshot = readSnapshot(stored.snapshot);
  const revision = { at: stored.revisionAt.toISOString(), tie: stored.revisionTie };
  return { ...snapshot, state: { ...snapshot.state, revision } };
}
