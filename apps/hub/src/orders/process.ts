/**
 * The page to read first: how deliveries become orders, commissions and transfers.
 *
 *   read (pure) ▶ look up orders, facts, ledger ▶ decide (pure) ▶ write order, snapshot, transfers, outcome
 *
 * One transaction per batch of one company. Reads first, pure middle, writes last; unique keys on the
 * effect decide what happened once. Everything that changes an order comes through here: deliveries,
 * the API's orders, newly mapped SKUs, an admin's re-attribution.
 */

import { compareRevisions, converge, netOfLine, type OrderState, type Refund, refund as refundSchema } from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import { type DeliveryOutcome, findProcessed, insertOutcomes } from "../inbox/queries.ts";
import { insertTransfers, readPosted, type TransferRow } from "../ledger/transfers.ts";
import { sha256 } from "../secret-box.ts";
import { type Decision, decide, type Facts } from "./decide.ts";
import type { Directory } from "./directory.ts";
import type { PipelineContext } from "./pipeline.ts";
import { orderIdOf, outcomeWithoutOrder, type ReadDelivery, statesOf } from "./read.ts";
import { readSnapshot, type Snapshot, writeSnapshot } from "./snapshot.ts";
import {
  type FactRow,
  insertFacts,
  insertOrders,
  insertRevisions,
  lockOrders,
  type OrderKey,
  type OrderRow,
  type RevisionCause,
  type RevisionRow,
  readFacts,
  replaceQuarantine,
  type StoredOrder,
  takeOrderNumbers,
  updateOrders,
} from "./writes.ts";

/** One order of a batch, with everything that wants to change it. */
export interface OrderWork extends OrderKey {
  readonly reads: readonly ReadDelivery[];
  readonly cause: RevisionCause;
  /** States that no delivery carries: orders sent over the API. */
  readonly states?: readonly OrderState[];
  /** An admin's decision; undefined leaves the attribution alone. */
  readonly reattributeTo?: string | null;
}

export interface OrderResult extends OrderKey {
  readonly orderNo: bigint;
  readonly revision: number;
  readonly changed: boolean;
  readonly snapshot: Snapshot;
}

export interface BatchResult {
  readonly outcomes: readonly DeliveryOutcome[];
  readonly orders: readonly OrderResult[];
  readonly transfers: number;
}

/** Processes deliveries of one company. Safe to repeat: what was done before is not done again. */
export function processDeliveries(
  context: PipelineContext,
  companyId: number,
  reads: readonly ReadDelivery[],
): Promise<BatchResult> {
  return asCompany(context.db, companyId, async (tx) => {
    const done = await findProcessed(tx, { companyId, deliveryIds: reads.map((read) => read.delivery.deliveryId) });
    const fresh = reads.filter((read) => !done.has(read.delivery.deliveryId));
    return processWork(context, tx, {
      companyId,
      works: groupByOrder(fresh),
      others: fresh.filter((read) => orderIdOf(read) === null),
    });
  });
}

/** One pass over a set of orders inside the caller's transaction. */
export async function processWork(
  context: PipelineContext,
  tx: Tx,
  args: { companyId: number; works: readonly OrderWork[]; others?: readonly ReadDelivery[] },
): Promise<BatchResult> {
  const { companyId, works } = args;
  const seen = await look(context, tx, companyId, works);
  const settled = works.map((work, index) => settle(work, seen.orders[index] ?? null, seen.facts[index] ?? [], seen.directory));
  const numbers = await takeOrderNumbers(tx, settled.filter((one) => one.decision !== null && one.stored === null).length);
  const posted = await readPosted(tx, {
    companyId,
    orderNos: settled.flatMap((one) => (one.stored && one.changed ? [one.stored.orderNo] : [])),
    idOf: (no) => seen.directory.idOf(no),
  });
  const writes = collectWrites(settled, numbers, posted, seen.directory);
  writes.outcomes.push(
    ...(args.others ?? []).map((read) => ({ deliveryId: read.delivery.deliveryId, orderNo: null, ...outcomeWithoutOrder(read) })),
  );
  // From here on there are only writes; they travel together and commit together.
  await Promise.all([
    insertOrders(tx, companyId, writes.newOrders),
    updateOrders(tx, companyId, writes.changedOrders),
    insertRevisions(tx, companyId, writes.revisions),
    insertTransfers(tx, { companyId, transfers: writes.transfers, numberOf: (id) => seen.directory.numberOf(id) }),
    insertFacts(
      tx,
      companyId,
      settled.flatMap((one) => one.newFacts),
    ),
    replaceQuarantine(tx, companyId, writes.quarantine),
    insertOutcomes(tx, companyId, writes.outcomes),
  ]);
  return { outcomes: writes.outcomes, orders: writes.results, transfers: writes.transfers.length };
}

function groupByOrder(reads: readonly ReadDelivery[]): OrderWork[] {
  const groups = new Map<string, OrderKey & { reads: ReadDelivery[] }>();
  for (const read of reads) {
    const platformOrderId = orderIdOf(read);
    if (platformOrderId === null) continue;
    const { storeId } = read.delivery;
    const key = `${storeId} ${platformOrderId}`;
    const group = groups.get(key);
    if (group) group.reads.push(read);
    else groups.set(key, { storeId, platformOrderId, reads: [read] });
  }
  return [...groups.values()].map((group) => ({ ...group, cause: "delivery" }));
}

async function look(context: PipelineContext, tx: Tx, companyId: number, works: readonly OrderWork[]) {
  const [stored, facts, directory] = await Promise.all([
    works.length === 0 ? [] : lockOrders(tx, companyId, works),
    works.length === 0 ? [] : readFacts(tx, companyId, works),
    context.directories.current(tx, companyId),
  ]);
  const same = (a: OrderKey, b: OrderKey) => a.storeId === b.storeId && a.platformOrderId === b.platformOrderId;
  return {
    directory,
    orders: works.map((work) => stored.find((one) => same(one, work)) ?? null),
    facts: works.map((work) => (facts.length === 0 ? [] : facts.filter((one) => same(one, work)))),
  };
}

interface Settled {
  readonly work: OrderWork;
  readonly stored: StoredOrder | null;
  readonly before: Snapshot | null;
  readonly decision: Decision | null;
  readonly snapshotText: string;
  readonly stateHash: string;
  /** Whether anything but the revision's own mark differs from what is stored. */
  readonly changed: boolean;
  readonly newFacts: readonly FactRow[];
}

/** The pure middle for one order. */
function settle(work: OrderWork, stored: StoredOrder | null, factRows: readonly FactRow[], directory: Directory): Settled {
  const before = stored ? lastKnown(stored) : null;
  const newFacts = factsOf(work);
  const decision = decide({
    before,
    states: [...statesOf(work.reads), ...(work.states ?? [])],
    facts: gatherFacts([...factRows, ...newFacts]),
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
  return { ...snapshot, state: { ...snapshot.state, revision: stored.latest } };
}

/** What the deliveries tell besides states: full accounts of refunds, refunds by themselves, deletions. */
function factsOf(work: OrderWork): FactRow[] {
  const { storeId, platformOrderId } = work;
  const facts = new Map<string, FactRow>();
  const add = (factKey: string, standalone: boolean, fact: string) => {
    const known = facts.get(factKey);
    facts.set(factKey, {
      storeId,
      platformOrderId,
      factKey,
      standalone: standalone || known?.standalone === true,
      fact: known?.fact ?? fact,
    });
  };
  for (const { said } of work.reads) {
    if (said.kind === "deleted") add("deleted", true, "{}");
    if (said.kind === "refund") add(`refund:${said.refund.refundId}`, true, refundText(said.refund));
    if (said.kind === "order")
      for (const one of said.state.refunds) if (one.detail === "full") add(`refund:${one.refundId}`, false, refundText(one));
  }
  return [...facts.values()];
}

function refundText(one: Refund): string {
  return JSON.stringify(one, (_key, value) => (typeof value === "bigint" ? String(value) : value));
}

function gatherFacts(rows: readonly FactRow[]): Facts {
  const refunds = new Map<string, { refund: Refund; standalone: boolean }>();
  for (const row of rows) {
    if (!row.factKey.startsWith("refund:")) continue;
    const known = refunds.get(row.factKey);
    const parsed = known?.refund ?? refundSchema.parse(JSON.parse(row.fact));
    refunds.set(row.factKey, { refund: parsed, standalone: row.standalone || known?.standalone === true });
  }
  return {
    refunds: new Map([...refunds.values()].map((one) => [one.refund.refundId, one])),
    deleted: rows.some((row) => row.factKey === "deleted"),
  };
}

interface Writes {
  readonly newOrders: OrderRow[];
  readonly changedOrders: OrderRow[];
  readonly revisions: RevisionRow[];
  readonly transfers: TransferRow[];
  readonly quarantine: Parameters<typeof replaceQuarantine>[2][number][];
  readonly outcomes: DeliveryOutcome[];
  readonly results: OrderResult[];
}

function collectWrites(
  settled: readonly Settled[],
  numbers: readonly bigint[],
  posted: Awaited<ReturnType<typeof readPosted>>,
  directory: Directory,
): Writes {
  const writes: Writes = {
    newOrders: [],
    changedOrders: [],
    revisions: [],
    transfers: [],
    quarantine: [],
    outcomes: [],
    results: [],
  };
  let taken = 0;
  for (const one of settled) {
    if (one.decision === null) {
      // A refund or deletion came before the order itself: the fact is kept, and counts once the order is here.
      writes.outcomes.push(...outcomesOf(one, null));
      continue;
    }
    const orderNo = one.stored?.orderNo ?? (numbers[taken++] as bigint);
    const revision = one.changed ? (one.stored?.revision ?? 0) + 1 : (one.stored?.revision as number);
    const row = orderRow(one, one.decision, { orderNo, revision, directory });
    if (one.stored === null) writes.newOrders.push(row);
    else if (one.changed || movesRevision(one)) writes.changedOrders.push(row);
    if (one.changed) collectRevision(writes, one, one.decision, { orderNo, revision, posted });
    writes.outcomes.push(...outcomesOf(one, orderNo));
    const { storeId, platformOrderId } = one.work;
    writes.results.push({ storeId, platformOrderId, orderNo, revision, changed: one.changed, snapshot: one.decision.snapshot });
  }
  return writes;
}

function collectRevision(
  writes: Writes,
  one: Settled,
  decision: Decision,
  args: { orderNo: bigint; revision: number; posted: Awaited<ReturnType<typeof readPosted>> },
): void {
  const { orderNo, revision } = args;
  const { state } = decision.snapshot;
  const deliveryId = one.work.reads.at(-1)?.delivery.deliveryId ?? null;
  writes.revisions.push({ orderNo, revision, deliveryId, cause: one.work.cause, snapshot: one.snapshotText });
  for (const transfer of converge(decision.targets, args.posted.get(orderNo) ?? new Map())) {
    writes.transfers.push({ ...transfer, orderNo, revision, currency: state.currency, effectiveAt: state.placedAt });
  }
  const lines = decision.quarantined.map((line) => ({ ...line, netMinor: netOfLine(line) }));
  const before = one.before;
  const hadSome = before?.state.lines.some((line) => line.kind === "product" && !before.locked.mappings[line.lineId]) === true;
  if (lines.length > 0 || hadSome)
    writes.quarantine.push({ orderNo, platform: state.platform, currency: state.currency, lines, hadSome });
}

function movesRevision(one: Settled): boolean {
  const before = one.before?.state.revision;
  const now = one.decision?.snapshot.state.revision;
  return before !== undefined && now !== undefined && compareRevisions(now, before) !== 0;
}

function orderRow(one: Settled, decision: Decision, args: { orderNo: bigint; revision: number; directory: Directory }): OrderRow {
  const { state, locked } = decision.snapshot;
  const owner = locked.attribution.distributorId;
  const chosen =
    locked.attribution.candidates.find((candidate) => candidate.outcome === "chosen") ?? locked.attribution.candidates[0];
  return {
    storeId: one.work.storeId,
    platformOrderId: one.work.platformOrderId,
    orderNo: args.orderNo,
    platform: state.platform,
    orderName: state.orderName,
    revision: args.revision,
    latest: state.revision,
    stateHash: one.stateHash,
    stage: state.stage.kind,
    platformStatus: state.platformStatus,
    placedAt: state.placedAt,
    currency: state.currency,
    totalMinor: state.totalMinor,
    netMinor: decision.netMinor,
    refundedNetMinor: decision.refundedNetMinor,
    distributorNo: owner === null ? null : args.directory.numberOf(owner),
    unresolved: locked.attribution.unresolved,
    selfPurchase: locked.buyer === "self",
    referralCode: chosen?.code || null,
    buyerHash: locked.buyerHash,
    quarantinedLines: decision.quarantined.length,
  };
}

/** The delivery that carries the newest revision was applied; the others of the batch say how they lost. */
function outcomesOf(one: Settled, orderNo: bigint | null): DeliveryOutcome[] {
  const newest = one.decision?.snapshot.state.revision ?? null;
  let applied = !one.changed;
  return [...one.work.reads].reverse().map((read) => {
    const { deliveryId } = read.delivery;
    if (read.said.kind !== "order" || newest === null)
      return { deliveryId, orderNo, outcome: one.changed || newest === null ? "applied" : "duplicate", detail: null };
    const order = compareRevisions(read.said.state.revision, newest);
    if (order < 0)
      return { deliveryId, orderNo, outcome: isKnown(one, read.said.state) ? "duplicate" : "outdated", detail: null };
    const outcome = applied ? "duplicate" : "applied";
    applied = true;
    return { deliveryId, orderNo, outcome, detail: null };
  });
}

function isKnown(one: Settled, state: OrderState): boolean {
  return one.before !== null && compareRevisions(state.revision, one.before.state.revision) === 0;
}
