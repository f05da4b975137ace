import { compareRevisions, converge, netOfLine } from "@upline/core";
import type { DeliveryOutcome } from "../inbox/queries.ts";
import type { OrderTransfer, Posted } from "../ledger/transfers.ts";
import type { WrittenBuyer } from "./buyer-queries.ts";
import type { SaleNumbers, SaleScope } from "./counted-sales.ts";
import type { Decision } from "./decide.ts";
import type { Directory } from "./directory.ts";
import { missingRate } from "./exchange.ts";
import { outcomesOf } from "./outcomes.ts";
import type { WrittenSale } from "./sale-queries.ts";
import { buyerOrderOf, type Settled, saleOf } from "./settle.ts";
import type { Snapshot } from "./snapshot.ts";
import type { KnownFact, OrderKey, OrderQuarantine, WrittenOrder, WrittenRevision } from "./writes.ts";

/** From what was decided of a batch's orders to the rows that are written: pure. */

export interface OrderResult extends OrderKey {
  readonly orderNo: bigint;
  readonly revision: number;
  readonly changed: boolean;
  readonly snapshot: Snapshot;
}

export interface BatchRows {
  readonly newOrders: WrittenOrder[];
  readonly changedOrders: WrittenOrder[];
  readonly revisions: WrittenRevision[];
  readonly transfers: OrderTransfer[];
  readonly facts: KnownFact[];
  readonly quarantine: OrderQuarantine[];
  readonly outcomes: DeliveryOutcome[];
  /** Of orders that are new, and of those that are known. */
  readonly newBuyers: WrittenBuyer[];
  readonly buyers: WrittenBuyer[];
  readonly sales: WrittenSale[];
  readonly results: OrderResult[];
}

/** What the batch's transaction has looked up beside the orders. */
export interface LookedUp {
  /** A number for each new order, in the order of the batch. */
  readonly numbers: readonly bigint[];
  readonly posted: Posted;
  readonly directory: Directory;
  readonly sales: SaleNumbers;
}

export function collectRows(batch: readonly Settled[], { numbers, posted, directory, sales }: LookedUp): BatchRows {
  const rows: BatchRows = {
    newOrders: [],
    changedOrders: [],
    revisions: [],
    transfers: [],
    facts: batch.flatMap((settled) => settled.newFacts),
    quarantine: [],
    outcomes: [],
    newBuyers: [],
    buyers: [],
    sales: [],
    results: [],
  };
  const unused = numbers.values();
  for (const settled of batch) {
    const { decision, stored, changed } = settled;
    if (decision === null) {
      // A refund or deletion came before the order itself: the fact is kept, and counts once the order is here.
      rows.outcomes.push(...outcomesOf(settled, null));
      continue;
    }
    const orderNo = stored?.orderNo ?? unused.next().value;
    if (orderNo === undefined) throw new Error("a new order of the batch has no number");
    const revision = (stored?.revision ?? 0) + (changed ? 1 : 0);
    const order = { orderNo, revision };
    const row = orderRow(settled, decision, { ...order, directory });
    if (stored === null) rows.newOrders.push(row);
    else if (changed || movesRevision(settled)) rows.changedOrders.push(row);
    (stored === null ? rows.newBuyers : rows.buyers).push(...buyerRows(settled, orderNo));
    rows.sales.push(...saleRows(settled, orderNo, sales));
    if (changed) collectRevision(rows, settled, decision, { ...order, posted });
    rows.outcomes.push(...outcomesOf(settled, orderNo));
    const { storeId, platformOrderId } = settled.work;
    rows.results.push({ storeId, platformOrderId, ...order, changed, snapshot: decision.snapshot });
  }
  return rows;
}

function collectRevision(
  rows: BatchRows,
  settled: Settled,
  decision: Decision,
  { orderNo, revision, posted }: { orderNo: bigint; revision: number; posted: Posted },
): void {
  const { state } = decision.snapshot;
  const { work, before, snapshotText } = settled;
  const deliveryId = work.reads.at(-1)?.delivery.deliveryId ?? null;
  rows.revisions.push({ orderNo, revision, deliveryId, cause: work.cause, snapshot: snapshotText });
  for (const transfer of converge(decision.targets, posted.get(orderNo) ?? new Map())) {
    rows.transfers.push({ ...transfer, orderNo, revision, currency: decision.currency, effectiveAt: state.placedAt });
  }
  const { locked } = decision.snapshot;
  const lines = decision.quarantined.map((line) => ({
    ...line,
    netMinor: netOfLine(line),
    rateTo: locked.mappings[line.lineId] === undefined ? null : missingRate(locked),
  }));
  const hadSome =
    before !== null &&
    (missingRate(before.locked) !== null ||
      before.state.lines.some((line) => line.kind === "product" && !before.locked.mappings[line.lineId]));
  if (lines.length > 0 || hadSome)
    rows.quarantine.push({ orderNo, platform: state.platform, currency: state.currency, lines, hadSome });
}

/** What is new of an order in the list of its buyer's orders: identities, and whether it counts. */
function buyerRows(settled: Settled, orderNo: bigint): WrittenBuyer[] {
  const order = buyerOrderOf(settled);
  if (order === null) return [];
  const listed = order.counts === order.counted ? new Set(settled.before?.locked.buyerHashes) : new Set<string>();
  const { tie, counts } = order;
  const placedAt = new Date(order.placedAt);
  return order.hashes.filter((hash) => !listed.has(hash)).map((buyerHash) => ({ buyerHash, placedAt, tie, orderNo, counts }));
}

/** The order among the sales of its sponsor, and no more among those of another one. */
function saleRows(settled: Settled, orderNo: bigint, numbers: SaleNumbers): WrittenSale[] {
  const sale = saleOf(settled);
  if (sale === null) return [];
  const row = (scope: SaleScope, counts: boolean): WrittenSale => ({
    ...scope,
    placedAt: new Date(sale.placedAt),
    tie: sale.tie,
    orderNo,
    counts,
    number: numbers.numberIn(scope, sale),
  });
  return [...sale.scopes.map((scope) => row(scope, sale.counts)), ...sale.left.map((scope) => row(scope, false))];
}

function movesRevision({ before, decision }: Settled): boolean {
  if (before === null || decision === null) return false;
  return compareRevisions(decision.snapshot.state.revision, before.state.revision) !== 0;
}

function orderRow(
  { work, stateHash }: Settled,
  decision: Decision,
  { directory, ...order }: { orderNo: bigint; revision: number; directory: Directory },
): WrittenOrder {
  const { state, locked } = decision.snapshot;
  const owner = locked.attribution.distributorId;
  const chosen =
    locked.attribution.candidates.find((candidate) => candidate.outcome === "chosen") ?? locked.attribution.candidates[0];
  return {
    ...order,
    storeId: work.storeId,
    platformOrderId: work.platformOrderId,
    platform: state.platform,
    orderName: state.orderName,
    revisionAt: new Date(state.revision.at),
    revisionTie: state.revision.tie,
    stateHash,
    stage: state.stage.kind,
    platformStatus: state.platformStatus,
    placedAt: new Date(state.placedAt),
    currency: state.currency,
    totalMinor: state.totalMinor,
    netMinor: decision.netMinor,
    refundedNetMinor: decision.refundedNetMinor,
    distributorNo: owner === null ? null : directory.numberOf(owner),
    unresolved: locked.attribution.unresolved,
    selfPurchase: locked.buyer === "self",
    referralCode: chosen?.code || null,
    buyerHash: locked.buyerHash,
    firstOrder: locked.firstOrder,
    quarantinedLines: decision.quarantined.length,
  };
}
