/** The suite's own plan of a run: which orders it has placed, and with whose code. */
import { type Basket, type Bought, buyHeadless } from "./buyers.ts";
import type { Shop } from "./shop.ts";

export interface Placed {
  readonly codes: Map<number, string | null>;
  /** Notes an order that was placed some other way. */
  note(orderId: number, code: string | null): number;
  /** Buys through the Store API; `code` is the one that has to count. */
  buy(code: string | null, basket: Basket): Promise<Bought>;
}

export function placedIn(shop: Shop): Placed {
  const codes = new Map<number, string | null>();
  const note = (orderId: number, code: string | null): number => {
    codes.set(orderId, code);
    return orderId;
  };
  return {
    codes,
    note,
    buy: async (code, basket) => {
      const bought = await buyHeadless(shop, basket);
      note(bought.orderId, code);
      return bought;
    },
  };
}
