import type { Tx } from "../db/connect.ts";
import { lockBuyers, readOldest } from "./buyer-queries.ts";
import { hashesOf } from "./buyers.ts";
import type { Directory } from "./directory.ts";
import { depthOf, type OlderOrder } from "./first-orders.ts";
import type { PipelineContext } from "./pipeline.ts";
import { type OrderWork, type Seen, see, toldBy } from "./settle.ts";
import { type KnownFact, lockOrders, type OrderKey, readFacts, type StoredOrder } from "./writes.ts";

/** Everything that a batch asks before it decides: one round trip, where it touches no order that tells of another buyer. */
export interface Found {
  readonly stored: readonly StoredOrder[];
  readonly facts: readonly KnownFact[];
  readonly numbers: readonly bigint[];
  /** Hashes of everything by which each work tells its buyer. */
  readonly heard: ReadonlyMap<OrderWork, readonly string[]>;
  /** What the orders are judged by. */
  readonly directory: Directory;
  readonly history: BuyerHistory;
}

/** The oldest orders of the buyers who were asked for, at most `depth` of each; their orders are locked. */
export interface BuyerHistory {
  readonly hashes: ReadonlySet<string>;
  readonly depth: number;
  readonly oldest: readonly OlderOrder[];
}

/** All of it begins in the turn of the call, the buyers' locks first: what follows them sees what was committed by then. */
export async function lookUp(
  context: PipelineContext,
  tx: Tx,
  { companyId, works }: { companyId: number; works: readonly OrderWork[] },
): Promise<Found> {
  // Whose key hashes buyers never changes: any directory of the company will do to know which buyers to lock.
  const key = context.directories.any(companyId);
  const heard = new Map(works.map((work) => [work, [...new Set(hashesOf(toldBy(work), work.storeId, key))]]));
  const hashes = new Set([...heard.values()].flat());
  const depth = depthOf([...heard.values()].map((ofOrder) => ({ hashes: ofOrder })));
  const [, stored, facts, oldest, numbers, directory] = await Promise.all([
    lockBuyers(tx, companyId, hashes),
    lockOrders(tx, companyId, works),
    readFacts(tx, companyId, works),
    readOldest(tx, { companyId, hashes, depth }),
    context.numbers.take(tx, works.length),
    context.directories.current(tx, companyId),
  ]);
  return { stored, facts, numbers, heard, directory, history: { hashes, depth, oldest } };
}

/** What was found of each work, in its place. */
export function seeAll(works: readonly OrderWork[], { stored, facts, heard, directory }: Found): Seen[] {
  const isOf = (work: OrderWork) => (key: OrderKey) =>
    key.storeId === work.storeId && key.platformOrderId === work.platformOrderId;
  return works.map((work) =>
    see({
      work,
      heard: heard.get(work) ?? hashesOf(toldBy(work), work.storeId, directory),
      stored: stored.find(isOf(work)) ?? null,
      facts: facts.length === 0 ? [] : facts.filter(isOf(work)),
      directory,
    }),
  );
}

/** Looks further where stored orders know their buyers by more than was heard, or more of their orders must be known. */
export async function completeHistory(
  tx: Tx,
  { companyId, seen, history, depth }: { companyId: number; seen: readonly Seen[]; history: BuyerHistory; depth: number },
): Promise<readonly OlderOrder[]> {
  const hashes = new Set(seen.flatMap((order) => order.known?.buyer.hashes ?? []));
  const more = [...hashes].filter((hash) => !history.hashes.has(hash));
  if (more.length === 0 && depth <= history.depth) return history.oldest;
  const [, oldest] = await Promise.all([lockBuyers(tx, companyId, more), readOldest(tx, { companyId, hashes, depth })]);
  return oldest;
}
