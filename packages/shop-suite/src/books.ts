/** What the suite expects of each order, against what the hub's books say; every difference is named. */
import type { BookedOrder } from "./hub.ts";
import type { Worth } from "./worth.ts";

export type Kind = "existence" | "stage" | "owner" | "money";

export interface Difference {
  readonly kind: Kind;
  readonly text: string;
}

/** Which code each order of the suite has, by its number in the shop; null is nobody's. */
export type Codes = ReadonlyMap<number, string | null>;

/** An order as a suite has read it from its shop's tables. */
export interface Expected {
  readonly id: number;
  /** Deleted for good: what it was worth is in no table of the shop any more. */
  readonly isGone: boolean;
  readonly worth: Worth;
}

/** `store` is a word for the reader. */
export function compare(args: {
  store: string;
  codes: Codes;
  shop: readonly Expected[];
  hub: readonly BookedOrder[];
}): Difference[] {
  const differences: Difference[] = [];
  for (const id of args.codes.keys()) {
    const differ = (kind: Kind, text: string) => differences.push({ kind, text: `${args.store}, order ${id}: ${text}` });
    const order = args.shop.find((row) => row.id === id);
    const booked = args.hub.filter(({ shopId }) => shopId === id);
    const [first] = booked;
    if (!order) differ("existence", "is not in the shop's tables");
    else if (booked.length > 1) differ("existence", `is ${booked.length} times in the hub`);
    // An order that was deleted before the hub ever saw it is in nobody's books.
    else if (first === undefined && !order.isGone) differ("existence", "is not in the hub");
    else if (first !== undefined) compareWorth({ order, booked: first, differ });
  }
  for (const { shopId } of args.hub) {
    if (!args.codes.has(shopId))
      differences.push({
        kind: "existence",
        text: `${args.store}, order ${shopId}: is in the hub, and nobody has placed it here`,
      });
  }
  return differences;
}

interface Pair {
  readonly order: Expected;
  readonly booked: BookedOrder;
  differ(kind: Kind, text: string): void;
}

function compareWorth({ order, booked, differ }: Pair): void {
  const { worth } = order;
  const say = (kind: Kind, what: string, ours: unknown, theirs: unknown): void => {
    if (ours !== theirs) differ(kind, `${what} is to be ${ours} and is ${theirs}`);
  };
  say("stage", "the stage", worth.stage, booked.stage);
  say("owner", "the owner", worth.owner ?? "nobody", booked.owner ?? "nobody");
  if (!order.isGone) {
    say("money", "the net", worth.netMinor, booked.netMinor);
    say("money", "what was given back of it", worth.refundedMinor, booked.refundedMinor);
  }
  for (const share of new Set([...worth.earned.keys(), ...booked.earned.keys()])) {
    say("money", `level ${share} has`, worth.earned.get(share) ?? 0n, booked.earned.get(share) ?? 0n);
  }
}
