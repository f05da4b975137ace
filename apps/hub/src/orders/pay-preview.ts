import { placeOfEntry } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { namesOf } from "../network/queries.ts";
import type { DrawnUp } from "./process.ts";

/** What a pass over orders would pay and take back, put together for people: pure but for the names. Amounts are minor units. */

/** So many people are listed; of the others there are sums. */
export const MOST_LISTED = 200;

export interface Paid {
  readonly currency: string;
  /** What is paid less what is taken back. */
  readonly amount: bigint;
  readonly people: number;
}

export interface PaidPerson {
  readonly distributorId: string;
  readonly name: string | null;
  readonly currency: string;
  /** Of these orders, before and after. */
  readonly before: bigint;
  readonly after: bigint;
}

export interface PayPreview {
  /** Orders of which something changes. */
  readonly orders: number;
  /** Of them, how many have lines that wait still, belong to nobody, lie in a period that is closed. */
  readonly stillWaiting: number;
  readonly unattributed: number;
  readonly closed: number;
  readonly sums: readonly Paid[];
  readonly bonuses: readonly (Paid & { readonly bonusId: string })[];
  /** What nobody earns of it, by currency. */
  readonly breakage: readonly Omit<Paid, "people">[];
  /** Those of whom something changes, the largest difference first. */
  readonly people: readonly PaidPerson[];
  readonly more: readonly Paid[];
}

/** Puts together what was drawn up. Names only those who are listed. */
export async function payPreviewOf(tx: Tx, { companyId, drawn }: { companyId: number; drawn: DrawnUp }): Promise<PayPreview> {
  const { rows, directory } = drawn;
  const moves = rows.transfers.map((transfer) => {
    const owner = transfer.debit.owner ?? transfer.credit.owner;
    const isPaid = transfer.kind === "commission" || transfer.kind === "breakage";
    const { bonusId } = placeOfEntry(transfer.entryKey, owner);
    return { owner, bonusId, currency: transfer.currency, amount: isPaid ? transfer.amountMinor : -transfer.amountMinor };
  });
  const earned = moves.flatMap((move) => (move.owner === null ? [] : [{ ...move, owner: move.owner }]));
  const people = peopleOf(earned, drawn);
  const listed = people.slice(0, MOST_LISTED);
  const numberOf = (id: string) => directory.numberOf(id) ?? 0;
  const distributorNos = [...new Set(listed.map(({ distributorId }) => numberOf(distributorId)))];
  const names = await namesOf(tx, { companyId, distributorNos });
  const changed = new Set(rows.revisions.map(({ orderNo }) => orderNo));
  const orders = rows.changedOrders.filter(({ orderNo }) => changed.has(orderNo));
  const snapshots = new Map(rows.results.map(({ orderNo, snapshot }) => [orderNo, snapshot]));
  const isClosed = (orderNo: bigint) => {
    const snapshot = snapshots.get(orderNo);
    return snapshot !== undefined && !directory.isOpen(snapshot.locked.planHash, Date.parse(snapshot.state.placedAt));
  };
  return {
    orders: orders.length,
    stillWaiting: orders.filter(({ quarantinedLines }) => quarantinedLines > 0).length,
    unattributed: orders.filter(({ distributorNo }) => distributorNo === null).length,
    closed: orders.filter(({ orderNo }) => isClosed(orderNo)).length,
    sums: summed(earned, ({ currency }) => currency),
    bonuses: summed(earned, ({ bonusId, currency }) => `${bonusId} ${currency}`),
    breakage: summed(
      moves.filter(({ owner }) => owner === null),
      ({ currency }) => currency,
    ).map(({ currency, amount }) => ({ currency, amount })),
    people: listed.map((one) => ({ ...one, name: names.get(numberOf(one.distributorId))?.name ?? null })),
    more: summed(
      people.slice(MOST_LISTED).map(({ distributorId, currency, before, after }) => {
        return { owner: distributorId, currency, bonusId: "", amount: after - before };
      }),
      ({ currency }) => currency,
    ),
  };
}

interface Move {
  readonly owner: string | null;
  readonly bonusId: string;
  readonly currency: string;
  readonly amount: bigint;
}

function summed(moves: readonly Move[], keyOf: (move: Move) => string): (Paid & { bonusId: string })[] {
  return [...Map.groupBy(moves, keyOf).values()].map((all) => ({
    bonusId: all[0]?.bonusId ?? "",
    currency: all[0]?.currency ?? "",
    amount: all.reduce((sum, { amount }) => sum + amount, 0n),
    people: new Set(all.map(({ owner }) => owner)).size,
  }));
}

/** Everybody of whom something changes, with what stands of these orders before and after. */
function peopleOf(earned: readonly (Move & { readonly owner: string })[], { rows, posted }: DrawnUp): Omit<PaidPerson, "name">[] {
  const currencyOf = new Map(rows.transfers.map(({ orderNo, currency }) => [orderNo, currency]));
  const before = new Map<string, bigint>();
  for (const [orderNo, entries] of posted)
    for (const { earner, amountMinor } of entries.values()) {
      const key = `${currencyOf.get(orderNo)} ${earner}`;
      before.set(key, (before.get(key) ?? 0n) + amountMinor);
    }
  return [...Map.groupBy(earned, ({ owner, currency }) => `${currency} ${owner}`)]
    .flatMap(([key, all]) => {
      const [first] = all;
      const stood = before.get(key) ?? 0n;
      const difference = all.reduce((sum, { amount }) => sum + amount, 0n);
      if (first === undefined || difference === 0n) return [];
      return [{ distributorId: first.owner, currency: first.currency, before: stood, after: stood + difference }];
    })
    .sort((a, b) => (size(a) === size(b) ? (a.distributorId < b.distributorId ? -1 : 1) : size(a) > size(b) ? -1 : 1));
}

function size({ before, after }: { before: bigint; after: bigint }): bigint {
  return after > before ? after - before : before - after;
}
