/**
 * The page to read first: how deliveries become orders, commissions and transfers.
 *
 *   read (pure) ▶ look up orders, facts, ledger ▶ decide (pure) ▶ write order, snapshot, transfers, outcome
 *
 * One transaction per batch of one company. Reads first, pure middle, writes last; unique keys on the
 * effect decide what happened once. Everything that changes an order comes through here: deliveries,
 * the API's orders, newly mapped SKUs, an admin's re-attribution.
 */

import { asCompany, type Tx } from "../db/connect.ts";
import { type DeliveryOutcome, findProcessed, insertOutcomes } from "../inbox/queries.ts";
import { insertTransfers, readPosted, wordsOf } from "../ledger/transfers.ts";
import { lockBuyers, readOldest, writeOrderBuyers } from "./buyer-queries.ts";
import { hashesOf } from "./buyers.ts";
import { collectRows, type OrderResult } from "./collect.ts";
import type { Directory } from "./directory.ts";
import { type BuyerOrder, depthOf, OldestOrders } from "./first-orders.ts";
import { outcomeWithoutOrder } from "./outcomes.ts";
import type { PipelineContext } from "./pipeline.ts";
import { orderIdOf, type ReadDelivery } from "./read.ts";
import { buyerOrderOf, type OrderWork, type Seen, type Settled, see, settle, toldBy } from "./settle.ts";
import {
  insertFacts,
  insertOrders,
  insertRevisions,
  lockOrders,
  type OrderKey,
  readFacts,
  replaceQuarantine,
  takeOrderNumbers,
  updateOrders,
} from "./writes.ts";

export interface BatchResult {
  readonly outcomes: readonly DeliveryOutcome[];
  readonly orders: readonly OrderResult[];
  readonly transfers: number;
}

/** Processes deliveries of one company. Safe to repeat: what was done before is not done again. */
export async function processDeliveries(
  context: PipelineContext,
  companyId: number,
  reads: readonly ReadDelivery[],
): Promise<BatchResult> {
  await context.directories.ready(companyId);
  return asCompany({ app: context.db.pipeline }, companyId, async (tx) => {
    const done = await findProcessed(tx, { companyId, deliveryIds: reads.map((read) => read.delivery.deliveryId) });
    const fresh = reads.filter((read) => !done.has(read.delivery.deliveryId));
    return processWork(context, tx, {
      companyId,
      works: groupByOrder(fresh),
      others: fresh.filter((read) => orderIdOf(read) === null),
    });
  });
}

/**
 * One pass over a set of orders inside the caller's transaction, before which the company's directory is `ready`; `others`
 * are deliveries that touch no order.
 */
export async function processWork(
  context: PipelineContext,
  tx: Tx,
  args: { companyId: number; works: readonly OrderWork[]; others?: readonly ReadDelivery[] },
): Promise<BatchResult> {
  const { companyId, works, others = [] } = args;
  const { directory, seen } = await look(context, tx, { companyId, works });
  // What is decided now is decided by this version; the directory itself may be brought up to date meanwhile.
  const { version } = directory;
  const fresh = seen.filter(({ known, stored }) => known !== null && stored === null).length;
  const [numbers, batch] = await Promise.all([takeOrderNumbers(tx, fresh), settleBatch(context, tx, { companyId, seen })]);
  const changed = batch.flatMap(({ stored, changed }) => (stored && changed ? [stored.orderNo] : []));
  const posted = await readPosted(tx, { companyId, orderNos: changed, idOf: (no) => directory.idOf(no) });
  const rows = collectRows(batch, { numbers, posted, directory });
  const wordOf = await context.words.learn(companyId, wordsOf(rows.transfers));
  const outcomes = [...rows.outcomes, ...others.map(outcomeWithoutOrder)];
  // From here on there are only writes; they travel together and commit together.
  await Promise.all([
    insertOrders(tx, companyId, rows.newOrders),
    updateOrders(tx, companyId, rows.changedOrders),
    insertRevisions(tx, companyId, rows.revisions),
    insertTransfers(tx, { companyId, transfers: rows.transfers, numberOf: (id) => directory.numberOf(id), wordOf }),
    insertFacts(tx, companyId, rows.facts),
    writeOrderBuyers(tx, companyId, rows.buyers),
    replaceQuarantine(tx, companyId, rows.quarantine),
    insertOutcomes(tx, companyId, outcomes),
    // Behind the writes, which may have waited: each statement sees what is committed when it begins.
    context.directories.refuseOutdated(tx, companyId, version),
  ]);
  // What is answered is about the orders that were asked for; those that follow from them come last.
  const asked = seen.filter(({ known }) => known !== null).length;
  return { outcomes, orders: rows.results.slice(0, asked), transfers: rows.transfers.length };
}

/**
 * Decides the orders of the batch, and behind them those of the same buyers that are first orders, or are no more,
 * because of it. What those count does not change, so that nothing follows from them.
 */
async function settleBatch(
  context: PipelineContext,
  tx: Tx,
  { companyId, seen }: { companyId: number; seen: readonly Seen[] },
): Promise<Settled[]> {
  const batch = seen.flatMap((order) => buyerOrderOf(order) ?? []);
  const history = async (orders: readonly BuyerOrder[]) =>
    new OldestOrders(
      await readOldest(tx, { companyId, hashes: orders.flatMap(({ hashes }) => hashes), depth: depthOf(batch) }),
      batch,
    );
  const settleAll = (orders: readonly Seen[], oldest: OldestOrders) =>
    orders.map((order) => {
      const placed = buyerOrderOf(order);
      return settle(order, placed !== null && oldest.isFirst(placed));
    });
  const oldest = await history(batch);
  const works = oldest.touched().map((key) => ({ ...key, reads: [], cause: "first-order" as const }));
  if (works.length === 0) return settleAll(seen, oldest);
  const others = (await look(context, tx, { companyId, works })).seen;
  return [...settleAll(seen, oldest), ...settleAll(others, await history(others.flatMap((order) => buyerOrderOf(order) ?? [])))];
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

/** What is stored and heard of the orders, each in the place of its work, and the directory that they are judged by. */
async function look(
  context: PipelineContext,
  tx: Tx,
  { companyId, works }: { companyId: number; works: readonly OrderWork[] },
): Promise<{ directory: Directory; seen: Seen[] }> {
  // Whose key hashes buyers never changes: any directory of the company will do to know which buyers to lock.
  const any = context.directories.any(companyId);
  const heard = works.map((work) => hashesOf(toldBy(work), work.storeId, any));
  const [, stored, facts, directory] = await Promise.all([
    lockBuyers(tx, companyId, heard.flat()),
    works.length === 0 ? [] : lockOrders(tx, companyId, works),
    works.length === 0 ? [] : readFacts(tx, companyId, works),
    context.directories.current(tx, companyId),
  ]);
  const same = (a: OrderKey, b: OrderKey) => a.storeId === b.storeId && a.platformOrderId === b.platformOrderId;
  const seen = works.map((work, index) =>
    see({
      work,
      heard: heard[index] ?? [],
      stored: stored.find((order) => same(order, work)) ?? null,
      facts: facts.length === 0 ? [] : facts.filter((fact) => same(fact, work)),
      directory,
    }),
  );
  const known = new Set(heard.flat());
  await lockBuyers(
    tx,
    companyId,
    seen.flatMap((order) => order.known?.buyer.hashes ?? []).filter((hash) => !known.has(hash)),
  );
  return { directory, seen };
}
