/**
 * The page to read first: how deliveries become orders, commissions and transfers.
 *
 *   read (pure) ▶ look up orders, facts, ledger ▶ decide (pure) ▶ write order, snapshot, transfers, outcome
 *
 * One transaction per batch of one company. Reads first, pure middle, writes last; unique keys on the
 * effect decide what happened once. Everything that changes an order comes through here: deliveries,
 * the API's orders, newly mapped SKUs, an admin's re-attribution.
 */

import type { Tx } from "../db/connect.ts";
import { together } from "../db/together.ts";
import { type DeliveryOutcome, findProcessed, insertOutcomes } from "../inbox/queries.ts";
import { insertTransfers, type Posted, readPosted, wordsOf } from "../ledger/transfers.ts";
import type { WordOf } from "../ledger/words.ts";
import { insertOrderBuyers, writeOrderBuyers } from "./buyer-queries.ts";
import { type BatchRows, collectRows, type OrderResult } from "./collect.ts";
import { SaleNumbers, saleDepth, scopeKey } from "./counted-sales.ts";
import type { Directory } from "./directory.ts";
import { depthOf, OldestOrders } from "./first-orders.ts";
import { completeHistory, type Found, lookUp, seeAll } from "./look-up.ts";
import { outcomeWithoutOrder } from "./outcomes.ts";
import type { PipelineContext } from "./pipeline.ts";
import { orderIdOf, type ReadDelivery } from "./read.ts";
import { lockSales, readSales, writeSales } from "./sale-queries.ts";
import { buyerOrderOf, type OrderWork, type Seen, type Settled, saleOf, settle } from "./settle.ts";
import { insertFacts, insertOrders, insertRevisions, type OrderKey, replaceQuarantine, updateOrders } from "./writes.ts";

export interface BatchResult {
  readonly outcomes: readonly DeliveryOutcome[];
  readonly orders: readonly OrderResult[];
  readonly transfers: number;
}

/** A batch that is decided, and not written yet. */
interface Decided {
  readonly rows: BatchRows;
  readonly wordOf: WordOf;
  readonly directory: Directory;
  /** What was decided is decided by this version; the directory itself may be brought up to date meanwhile. */
  readonly version: bigint;
  /** Of the results, how many are about orders that were asked for; those that follow from them come last. */
  readonly asked: number;
}

interface Batch {
  readonly companyId: number;
  readonly works: readonly OrderWork[];
  /** Deliveries that touch no order. */
  readonly others: readonly ReadDelivery[];
}

/** Processes deliveries of one company. Safe to repeat: what was done before is not done again. */
export async function processDeliveries(
  context: PipelineContext,
  companyId: number,
  reads: readonly ReadDelivery[],
): Promise<BatchResult> {
  await context.directories.ready(companyId);
  const decided = await context.db.lines.run(companyId, {
    read: (tx) => decideDeliveries(context, tx, { companyId, reads }),
    write: (tx, batch) => writeAll(context, tx, { companyId, ...batch }),
  });
  return resultOf(decided);
}

/** One pass over a set of orders inside the caller's transaction, before which the company's directory is `ready`. */
export async function processWork(
  context: PipelineContext,
  tx: Tx,
  { companyId, works }: { companyId: number; works: readonly OrderWork[] },
): Promise<BatchResult> {
  const found = await lookUp(context, tx, { companyId, works });
  const decided = await decideBatch(context, tx, { companyId, works, others: [], found });
  await Promise.all(writeAll(context, tx, { companyId, ...decided }));
  return resultOf(decided);
}

/** What a pass over a set of orders would write, and what stands of them. */
export interface DrawnUp {
  readonly rows: BatchRows;
  readonly posted: Posted;
  readonly directory: Directory;
  /** How many of the orders that were asked for change, those left out that follow from them. */
  readonly changed: number;
}

/**
 * The same pass, and nothing of it is written: what becomes of the orders is decided by the very functions that decide it when it
 * happens. Their rows are locked until the caller's transaction ends. `judgedBy` replaces what they are judged by.
 */
export async function previewWork(
  context: PipelineContext,
  tx: Tx,
  args: { companyId: number; works: readonly OrderWork[]; judgedBy?: (directory: Directory) => Directory },
): Promise<DrawnUp> {
  const { companyId, works, judgedBy = (directory) => directory } = args;
  const looked = await lookUp(context, tx, { companyId, works });
  const found = { ...looked, directory: judgedBy(looked.directory) };
  const { rows, posted, asked } = await drawUp(context, tx, { companyId, works, others: [], found });
  const changed = rows.results.slice(0, asked).filter((order) => order.changed).length;
  return { rows, posted, directory: found.directory, changed };
}

function resultOf({ rows, asked }: Decided): BatchResult {
  return { outcomes: rows.outcomes, orders: rows.results.slice(0, asked), transfers: rows.transfers.length };
}

async function decideDeliveries(
  context: PipelineContext,
  tx: Tx,
  { companyId, reads }: { companyId: number; reads: readonly ReadDelivery[] },
): Promise<Decided> {
  const works = groupByOrder(reads);
  const [found, done] = await Promise.all([
    lookUp(context, tx, { companyId, works }),
    findProcessed(tx, { companyId, deliveryIds: reads.map((read) => read.delivery.deliveryId) }),
  ]);
  const fresh = reads.filter((read) => !done.has(read.delivery.deliveryId));
  return decideBatch(context, tx, {
    companyId,
    works: done.size === 0 ? works : groupByOrder(fresh),
    others: fresh.filter((read) => orderIdOf(read) === null),
    found,
  });
}

async function decideBatch(context: PipelineContext, tx: Tx, batch: Batch & { found: Found }): Promise<Decided> {
  const { directory } = batch.found;
  const { version } = directory;
  const { rows, asked } = await drawUp(context, tx, batch);
  const wordOf = await context.words.learn(batch.companyId, wordsOf(rows.transfers));
  return { rows, wordOf, directory, version, asked };
}

async function drawUp(context: PipelineContext, tx: Tx, { found, ...batch }: Batch & { found: Found }) {
  const { directory } = found;
  const seen = seeAll(batch.works, found);
  const { settled, numbers: sales } = await settleBatch(context, tx, { companyId: batch.companyId, seen, found });
  const changed = settled.flatMap(({ stored, changed }) => (stored && changed ? [stored.orderNo] : []));
  const posted = await readPosted(tx, { companyId: batch.companyId, orderNos: changed, idOf: (no) => directory.idOf(no) });
  const fresh = settled.filter(({ decision, stored }) => decision !== null && stored === null).length;
  const rows = collectRows(settled, { numbers: found.numbers, posted, directory, sales });
  context.numbers.giveBack(found.numbers.slice(fresh));
  rows.outcomes.push(...batch.others.map(outcomeWithoutOrder));
  return { rows, posted, asked: seen.filter(({ known }) => known !== null).length };
}

/** From here on there are only writes; they begin in one turn, travel together and commit together. */
function writeAll(
  context: PipelineContext,
  tx: Tx,
  { companyId, rows, wordOf, directory, version }: Decided & { companyId: number },
): readonly Promise<unknown>[] {
  const written = together(tx, [
    insertOrders(tx, companyId, rows.newOrders),
    updateOrders(tx, companyId, rows.changedOrders),
    insertRevisions(tx, companyId, rows.revisions),
    insertTransfers(tx, { companyId, transfers: rows.transfers, numberOf: (id) => directory.numberOf(id), wordOf }),
    insertFacts(tx, companyId, rows.facts),
    insertOrderBuyers(tx, companyId, rows.newBuyers),
    writeOrderBuyers(tx, companyId, rows.buyers),
    writeSales(tx, companyId, rows.sales),
    insertOutcomes(tx, companyId, rows.outcomes),
  ]);
  return [
    ...(written === null ? [] : [written]),
    replaceQuarantine(tx, companyId, rows.quarantine),
    // Behind the writes, which may have waited: each statement sees what is committed when it begins.
    context.directories.refuseOutdated(tx, companyId, version),
  ];
}

/**
 * Decides the orders of the batch, and behind them those of the same buyers that are first orders, or are no more,
 * because of it, and sales of the same sponsors that have another number. What those count does not change, so that nothing
 * follows from them.
 */
async function settleBatch(
  context: PipelineContext,
  tx: Tx,
  { companyId, seen, found }: { companyId: number; seen: readonly Seen[]; found: Found },
): Promise<{ settled: Settled[]; numbers: SaleNumbers }> {
  const batch = seen.flatMap((order) => buyerOrderOf(order) ?? []);
  const depth = depthOf(batch);
  const oldest = new OldestOrders(await completeHistory(tx, { companyId, seen, history: found.history, depth }), batch);
  const numbers = await countSales(tx, companyId, seen);
  const works = touchedBy(oldest, numbers);
  if (works.length === 0) return { settled: settleAll(seen, oldest, numbers), numbers };
  const further = await lookUp(context, tx, { companyId, works });
  context.numbers.giveBack(further.numbers);
  const others = seeAll(works, { ...further, directory: found.directory });
  const theirs = await completeHistory(tx, { companyId, seen: others, history: further.history, depth });
  const ofOthers = settleAll(others, new OldestOrders(theirs, batch), numbers);
  return { settled: [...settleAll(seen, oldest, numbers), ...ofOthers], numbers };
}

function touchedBy(oldest: OldestOrders, numbers: SaleNumbers): OrderWork[] {
  const keyOf = ({ storeId, platformOrderId }: OrderKey) => `${storeId} ${platformOrderId}`;
  const touched = new Map([...numbers.touched(), ...oldest.touched()].map((key) => [keyOf(key), key]));
  return [...touched.values()].map((key) => ({ ...key, reads: [], cause: "first-order" as const }));
}

/** The numbers of the batch's sales, and of those around them; asks nothing where no plan counts any. */
async function countSales(tx: Tx, companyId: number, seen: readonly Seen[]): Promise<SaleNumbers> {
  const sales = seen.flatMap((order) => saleOf(order) ?? []);
  const scopes = new Map(sales.flatMap((sale) => [...sale.scopes, ...sale.left]).map((scope) => [scopeKey(scope), scope]));
  if (scopes.size === 0) return new SaleNumbers([], sales);
  const all = [...scopes.values()];
  const [, stored] = await Promise.all([
    lockSales(
      tx,
      companyId,
      all.map(({ sponsorNo }) => sponsorNo),
    ),
    readSales(tx, { companyId, scopes: all, depth: saleDepth(sales) }),
  ]);
  return new SaleNumbers(stored, sales);
}

function settleAll(orders: readonly Seen[], oldest: OldestOrders, numbers: SaleNumbers): Settled[] {
  return orders.map((order) => {
    const placed = buyerOrderOf(order);
    const sale = saleOf(order);
    const saleNumbers = sale === null ? undefined : numbers.numbersOf(sale);
    return settle(order, placed !== null && oldest.isFirst(placed), saleNumbers);
  });
}

/** One work for each order of the deliveries, in the order in which they came. */
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
