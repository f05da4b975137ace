import type { OrderKey } from "./writes.ts";

/**
 * Which order is its buyer's first. An order is, if no older order that counts shares any identity with it, in any store
 * of the company. So the answer depends on what is known and never on the order in which it arrived; when an older order
 * comes, or the first one becomes void, it is the other order's answer that changes. Pure.
 */

/** When an order was placed, and which of one moment comes first: by the shop's own number, whatever came first here. */
interface Place {
  readonly placedAt: number;
  readonly tie: string;
}

/** An order of the batch by its buyer. */
export interface BuyerOrder extends Place, OrderKey {
  readonly hashes: readonly string[];
  /** Whether it can be somebody's first: it is not void. */
  readonly counts: boolean;
  /** The same before the batch; false where it is new. */
  readonly counted: boolean;
}

/** One of the oldest stored orders of a buyer that count. */
export interface OlderOrder extends Place, OrderKey {
  readonly buyerHash: string;
  readonly firstOrder: boolean;
}

/** A length before the number, so that 9 comes before 10. */
export function tieOf(platform: string, { storeId, platformOrderId }: OrderKey): string {
  return `${String(platformOrderId.length).padStart(3, "0")}${platformOrderId} ${platform} ${storeId}`;
}

/** How many stored orders of one buyer must be looked at: each order of the batch may stop counting, and one is left. */
export function depthOf(batch: readonly Pick<BuyerOrder, "hashes">[]): number {
  const orders = new Map<string, number>();
  for (const { hashes } of batch) for (const hash of hashes) orders.set(hash, (orders.get(hash) ?? 0) + 1);
  return 1 + Math.max(0, ...orders.values());
}

/** The oldest order that counts by each identity, once the batch is written. */
export class OldestOrders {
  readonly #oldest = new Map<string, Place & OrderKey>();
  readonly #batch: ReadonlySet<string>;
  readonly #stored: readonly OlderOrder[];
  /** Identities of orders that counted and do not any more. */
  readonly #left = new Set<string>();

  constructor(stored: readonly OlderOrder[], batch: readonly BuyerOrder[]) {
    this.#stored = stored;
    this.#batch = new Set(batch.map(keyOf));
    for (const order of stored) if (!this.#batch.has(keyOf(order))) this.#add(order.buyerHash, order);
    for (const order of batch) {
      for (const hash of order.hashes) {
        if (order.counts) this.#add(hash, order);
        else if (order.counted) this.#left.add(hash);
      }
    }
  }

  #add(hash: string, order: Place & OrderKey): void {
    const known = this.#oldest.get(hash);
    if (known === undefined || compare(order, known) < 0) this.#oldest.set(hash, order);
  }

  /** A buyer who cannot be recognised has no first order. */
  isFirst(order: Place & { readonly hashes: readonly string[] }): boolean {
    return order.hashes.length > 0 && order.hashes.every((hash) => !this.#isOlder(hash, order));
  }

  #isOlder(hash: string, order: Place): boolean {
    const oldest = this.#oldest.get(hash);
    return oldest !== undefined && compare(oldest, order) < 0;
  }

  /** Stored orders outside of the batch whose answer may change with it. */
  touched(): OrderKey[] {
    const touched = new Map<string, OrderKey>();
    for (const order of this.#stored) {
      const key = keyOf(order);
      if (this.#batch.has(key)) continue;
      const isOldest = !this.#isOlder(order.buyerHash, order);
      const changes = order.firstOrder ? !isOldest : isOldest && this.#left.has(order.buyerHash);
      if (changes) touched.set(key, { storeId: order.storeId, platformOrderId: order.platformOrderId });
    }
    return [...touched.values()];
  }
}

const keyOf = ({ storeId, platformOrderId }: OrderKey) => `${storeId} ${platformOrderId}`;

/** By bytes, as the database sorts them. */
function compare(a: Place, b: Place): number {
  return a.placedAt - b.placedAt || Buffer.compare(Buffer.from(a.tie), Buffer.from(b.tie));
}
