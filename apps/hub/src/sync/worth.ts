import { canonicalJson, formatAmount, type Json, netOfLine, type OrderState, refundedNet } from "@upline/core";
import { readSnapshot, withoutBuyer } from "../orders/snapshot.ts";
import type { HeldOrder } from "./queries.ts";

/** What an order is worth to commissions, in the shop and here: net less what was given back, nothing while it is not earned. */
export interface Worth {
  readonly currency: string;
  readonly minor: bigint;
}

export function worthInShop(state: OrderState): Worth {
  const net = state.lines.reduce((sum, line) => sum + netOfLine(line), 0n);
  const back = [...refundedNet(state).values()].reduce((sum, minor) => sum + minor, 0n);
  return { currency: state.currency, minor: state.stage.kind === "earned" ? net - back : 0n };
}

export function worthHere(held: HeldOrder | null, currency: string): Worth {
  if (held === null || held.stage !== "earned") return { currency: held?.currency ?? currency, minor: 0n };
  return { currency: held.currency, minor: held.netMinor - held.refundedNetMinor };
}

/** Whether the hub holds exactly this already: the same facts of the same time. */
export function isHeld(held: HeldOrder, state: OrderState): boolean {
  if (held.revisionAt.getTime() !== Date.parse(state.revision.at)) return false;
  return contentOf(readSnapshot(held.snapshot).state) === contentOf(state);
}

/** The buyer is left out of what is stored, and refunds are stored in the order of their ids. */
function contentOf(state: OrderState): string {
  const refunds = [...state.refunds].sort((a, b) => (a.refundId < b.refundId ? -1 : 1));
  return canonicalJson({ ...withoutBuyer(state), refunds, revision: null } as unknown as Json);
}

/** Σ|shop − hub| by currency. */
export class Delta {
  readonly #sums = new Map<string, bigint>();

  /** Answers whether they differ. */
  add(shop: Worth, here: Worth): boolean {
    if (shop.currency === here.currency) return this.#note(shop.currency, shop.minor - here.minor);
    const ours = this.#note(shop.currency, shop.minor);
    return this.#note(here.currency, here.minor) || ours;
  }

  #note(currency: string, difference: bigint): boolean {
    const size = difference < 0n ? -difference : difference;
    this.#sums.set(currency, (this.#sums.get(currency) ?? 0n) + size);
    return size !== 0n;
  }

  /** Decimal texts, by currency. */
  texts(): Record<string, string> {
    return Object.fromEntries([...this.#sums].sort().map(([currency, minor]) => [currency, formatAmount(minor, currency)]));
  }
}
