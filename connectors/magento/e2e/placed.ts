/** The suite's own plan of a run: which orders it has placed, and with whose code. */
import type { Codes } from "@upline/shop-suite/books";
import type { Gate } from "@upline/shop-suite/gate";
import type { Hub } from "@upline/shop-suite/hub";
import { type Basket, buy } from "./buyers.ts";
import type { Shop } from "./shop.ts";

export interface Placed {
  readonly codes: Codes;
  /** Notes an order; `code` is the one that has to count. */
  note(orderId: number, code: string | null): number;
  /** Buys as a guest. */
  buy(code: string | null, basket: Basket): Promise<number>;
  /** Buys, and the whole is invoiced. */
  sell(code: string | null, basket: Basket): Promise<number>;
}

/** Everything that a run has at hand. */
export interface Run {
  readonly shop: Shop;
  readonly gate: Gate;
  readonly hub: Hub;
  readonly placed: Placed;
  /** What went wrong beside the books. */
  readonly problems: string[];
}

export function placedIn(shop: Shop): Placed {
  const codes = new Map<number, string | null>();
  const note = (orderId: number, code: string | null): number => {
    codes.set(orderId, code);
    return orderId;
  };
  const bought = async (code: string | null, basket: Basket) => note((await buy(shop, basket)).orderId, code);
  return {
    codes,
    note,
    buy: bought,
    sell: async (code, basket) => {
      const order = await bought(code, basket);
      await shop.inside("invoice", { order });
      return order;
    },
  };
}
