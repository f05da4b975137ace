import type { BuyerIdentity, OrderState } from "@upline/core";
import type { Directory } from "./directory.ts";
import type { Snapshot } from "./snapshot.ts";

/** Who bought: everything by which deliveries of an order tell its buyer, and which distributors that is. */
export interface KnownBuyer {
  /** Of the buyer as the first delivery named them. */
  readonly hash: string | null;
  /** Every identity that any delivery told, hashed and sorted: they only ever add up, so that their order of arrival cannot matter. */
  readonly hashes: readonly string[];
  /** The distributor whom a sender that knows the network named as the buyer. */
  readonly named: string | null;
  /** The distributors whom the buyer is recognised as: mostly none or one. */
  readonly distributors: readonly string[];
}

export function knowBuyer(args: {
  before: Snapshot | null;
  states: readonly OrderState[];
  /** Of the states' identities, by `hashesOf`. */
  heard: readonly string[];
  directory: Directory;
}): KnownBuyer {
  const { before, states, directory } = args;
  const first = states.find((state) => state.buyer !== null)?.buyer ?? null;
  const hashes = [...new Set([...(before?.locked.buyerHashes ?? []), ...args.heard])].sort();
  const ids = states
    .flatMap(identitiesIn)
    .filter(({ kind, value }) => kind === "distributor" && directory.numberOf(value) !== null);
  const named = before?.locked.buyerNamed ?? ids.map(({ value }) => value).sort()[0] ?? null;
  const bound = directory.distributorsOfBuyer(hashes);
  return {
    hash: before?.locked.buyerHash ?? (first === null ? null : directory.hashBuyer(first)),
    hashes,
    named,
    distributors: named === null || bound.includes(named) ? bound : [...bound, named],
  };
}

/** Hashes of everything by which these states of an order tell its buyer. */
export function hashesOf(states: readonly OrderState[], storeId: string, directory: Directory): string[] {
  return states.flatMap(identitiesIn).flatMap((identity) => directory.identityHashes(identity, storeId));
}

/** A state without a list of identities names its buyer in one text. */
function identitiesIn({ buyer, buyerIdentities }: OrderState): readonly BuyerIdentity[] {
  if (buyerIdentities !== undefined) return buyerIdentities;
  const [, kind, value] = /^(email|customer):(.+)$/s.exec(buyer ?? "") ?? [];
  return kind === undefined || value === undefined ? [] : [{ kind: kind as "email" | "customer", value }];
}
