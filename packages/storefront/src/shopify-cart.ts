import { AT_CHECKOUT, CODE_KEY, SOURCE_KEY, TIME_KEY } from "./order-keys.ts";
import type { Touch } from "./touches.ts";

export type CartAttributes = Readonly<Record<string, unknown>>;

/** How the cart of this visitor is reached; the theme's own addresses, since they carry the language's folder. */
export interface CartDoor {
  /** The attributes of the cart; null where the shop does not answer. */
  read(): Promise<CartAttributes | null>;
  /** Merges these attributes into the cart; false where the shop does not take them. */
  merge(attributes: Readonly<Record<string, string>>): Promise<boolean>;
}

/**
 * Keeps the code of the touch on the cart. It asks for as little as it can, because a shop answers the calls of one
 * visitor one after the other: what the page says of the cart is believed, and written is only what differs.
 */
export class CartCarrier {
  readonly #door: CartDoor;
  #known: CartAttributes;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(door: CartDoor, known: CartAttributes) {
    this.#door = door;
    this.#known = known;
  }

  /** Puts the touch's code on the cart, or with null takes a code off it. */
  carry(touch: Touch | null): Promise<void> {
    return this.#inTurn(() => this.#settle(touch));
  }

  /** The cart may be another one or have lost its attributes: looks at it, and puts the touch's code back. */
  reassert(touch: Touch): Promise<void> {
    return this.#inTurn(async () => {
      this.#known = (await this.#door.read()) ?? this.#known;
      await this.#settle(touch);
    });
  }

  async #settle(touch: Touch | null): Promise<void> {
    // What the buyer typed at checkout is nearer to the order than any link.
    if (this.#known[SOURCE_KEY] === AT_CHECKOUT) return;
    const code = touch?.[0] ?? "";
    if ((this.#known[CODE_KEY] ?? "") === code) return;
    const attributes = { [CODE_KEY]: code, [TIME_KEY]: touch ? String(touch[1]) : "" };
    if (await this.#door.merge(attributes)) this.#known = { ...this.#known, ...attributes };
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(act, act);
    this.#turn = turn;
    return turn;
  }
}

/** The cart of a Shopify storefront, by its Ajax addresses. A cart that cannot be reached is tried again on the next page. */
export function cartDoor(addresses: { readonly cart: string; readonly update: string }, send: typeof fetch): CartDoor {
  const json = { accept: "application/json", "content-type": "application/json" };
  return {
    read: async () => {
      const answer = await send(addresses.cart, { headers: json }).catch(() => null);
      const cart = answer?.ok ? await answer.json().catch(() => null) : null;
      return cart === null ? null : (cart.attributes ?? {});
    },
    merge: async (attributes) => {
      const body = JSON.stringify({ attributes });
      const answer = await send(addresses.update, { method: "POST", headers: json, body, keepalive: true }).catch(() => null);
      return answer?.ok ?? false;
    },
  };
}
