import type { Tx } from "../db/connect.ts";
import type { Order } from "../db/schema/orders.ts";

/**
 * Numbers for new orders. How many of a batch are new is not known before it was looked up, so that as many are asked for
 * as there can be, together with the look-ups; what a batch leaves serves the next one.
 */
export class OrderNumbers {
  #spare: bigint[] = [];

  async take(tx: Tx, count: number): Promise<bigint[]> {
    const spare = this.#spare.splice(0, count);
    const missing = count - spare.length;
    if (missing === 0) return spare;
    const rows = await tx<Pick<Order, "orderNo">[]>`
      select nextval('order_numbers') as "orderNo" from generate_series(1, ${missing})`;
    return [...spare, ...rows.map(({ orderNo }) => orderNo)];
  }

  /** The rest of what was taken. */
  giveBack(numbers: readonly bigint[]): void {
    this.#spare.push(...numbers);
  }
}
