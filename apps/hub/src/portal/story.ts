import { explainCommission, netOfLine, refundedNet } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { amountText } from "../http/shapes.ts";
import type { Network } from "../network/network.ts";
import { type EntrySum, readEntrySums, readSnapshots, snapshotKey } from "../orders/commission-queries.ts";
import { commissionAnswer, type DescribedEntry, describeEntries } from "../orders/commission-shape.ts";
import { recompute } from "../orders/decide.ts";
import type { PlanBook } from "../orders/directory.ts";
import type { OrderParts } from "../orders/pipeline.ts";
import { readSnapshot, type Snapshot } from "../orders/snapshot.ts";
import { readSources, type SoldOrder } from "./earning-sources.ts";
import { type SeenPerson, seenPeople } from "./people-shapes.ts";
import { readSeller, type Seller } from "./seller.ts";

/** How one order came to bring somebody what it did: its lines, what was earned of each, and the way to it. No word of who bought. */

const unknownOrder = () =>
  new HubError("not-found", "No order of yours has this number. GET /api/portal/earnings lists what brought you something.");

interface Told {
  readonly seller: Seller;
  readonly network: Network;
  readonly orderNo: bigint;
}

export async function tellOrder(hub: OrderParts, tx: Tx, { seller, network, orderNo }: Told) {
  const { companyId } = seller;
  const { distributorId } = await readSeller(tx, seller);
  const sources = await readSources(tx, { companyId, rows: [{ sourceKind: 1, sourceNo: orderNo }] });
  const order = sources.orders.get(String(orderNo));
  const sums = (await readEntrySums(tx, { companyId, orderNo })).filter((sum) => sum.distributorId === distributorId);
  // What brought somebody nothing, and is not their sale, is as if it were nowhere.
  if (order === undefined || (order.distributorNo !== seller.distributorNo && sums.length === 0)) throw unknownOrder();
  const plans = await hub.pipeline.directories.plansOf(tx, companyId);
  const newest = { orderNo, revision: null };
  const text = (await readSnapshots(tx, { companyId, wanted: [newest] })).get(snapshotKey(newest));
  if (text === undefined) throw unknownOrder();
  const snapshot = readSnapshot(text);
  const mine = [...describeEntries(snapshot, plans).values()].filter((entry) => entry.earner === distributorId);
  const former = await formerEntries(tx, {
    companyId,
    orderNo,
    plans,
    sums,
    known: new Set(mine.map(({ entryKey }) => entryKey)),
  });
  const walked = walksOf(snapshot, plans, mine);
  const numbers = [...walked.values()]
    .flat()
    .flatMap(({ distributorId: id }) => (id === null ? [] : (network.numberOf(id) ?? [])));
  const people = await seenPeople(tx, { seller, network, now: Date.now() }, [...numbers, order.distributorNo ?? 0]);
  const named = (id: string | null) => (id === null ? null : (people.get(network.numberOf(id) ?? 0) ?? null));
  const earned = [...mine.map((entry) => ({ entry, current: true })), ...former.map((entry) => ({ entry, current: false }))];
  return {
    ...headOf(order, snapshot, seller, people),
    lines: linesOf(snapshot),
    earned: earned.map(({ entry, current }) => ({
      ...earnedAnswer({ orderNo, snapshot, plans, entry, current, sums }),
      steps: (walked.get(entry.entryKey) ?? []).map(({ distributorId: id, level, outcome, reason, text: said }) => ({
        ...{ who: named(id), is_me: id === distributorId, level, outcome, reason, text: said },
      })),
    })),
  };
}

function headOf(order: SoldOrder, { state }: Snapshot, { distributorNo }: Seller, people: ReadonlyMap<number, SeenPerson>) {
  const isOwn = order.distributorNo === distributorNo;
  return {
    ...{ order_id: String(order.orderNo), name: order.orderName, placed_at: order.placedAt.toISOString() },
    ...{ stage: state.stage.kind, currency: state.currency, is_own_sale: isOwn, self_purchase: isOwn && order.selfPurchase },
    // Somebody else's code is theirs.
    code: isOwn ? order.referralCode : null,
    sold_by: isOwn || order.distributorNo === null ? null : (people.get(order.distributorNo) ?? null),
  };
}

function linesOf({ state, locked }: Snapshot) {
  const money = (minor: bigint) => amountText(minor, state.currency);
  const back = refundedNet(state);
  return state.lines.map((line) => ({
    ...{ line_id: line.lineId, name: line.name, quantity: String(line.quantity) },
    ...{ gross: money(line.grossMinor), discount: money(line.discountMinor), included_tax: money(line.includedTaxMinor) },
    ...{ net: money(netOfLine(line)), refunded_net: money(back.get(line.lineId) ?? 0n) },
    waits: line.kind === "product" && locked.mappings[line.lineId] === undefined,
  }));
}

/** What the newest state no longer earns, as the revision says that booked it. */
async function formerEntries(
  tx: Tx,
  args: { companyId: number; orderNo: bigint; plans: PlanBook; sums: readonly EntrySum[]; known: ReadonlySet<string> },
): Promise<DescribedEntry[]> {
  const { companyId, orderNo, plans, sums, known } = args;
  const gone = sums.filter(({ entryKey }) => !known.has(entryKey));
  const wanted = [...new Set(gone.map(({ bookedRevision }) => bookedRevision))].map((revision) => ({ orderNo, revision }));
  const texts = await readSnapshots(tx, { companyId, wanted });
  const described = new Map([...texts].map(([key, snapshot]) => [key, describeEntries(readSnapshot(snapshot), plans)] as const));
  return gone.flatMap(
    ({ entryKey, bookedRevision }) => described.get(snapshotKey({ orderNo, revision: bookedRevision }))?.get(entryKey) ?? [],
  );
}

function walksOf(snapshot: Snapshot, plans: PlanBook, entries: readonly DescribedEntry[]) {
  const computation = recompute(snapshot, plans);
  return new Map(entries.map((entry) => [entry.entryKey, explainCommission(computation, entry)] as const));
}

function earnedAnswer(args: {
  orderNo: bigint;
  snapshot: Snapshot;
  plans: PlanBook;
  entry: DescribedEntry;
  current: boolean;
  sums: readonly EntrySum[];
}) {
  const { orderNo, snapshot, plans, entry, current, sums } = args;
  const { planHash } = snapshot.locked;
  const sum = sums.find(({ entryKey }) => entryKey === entry.entryKey) ?? null;
  const plan = planHash === null ? null : plans.planByHash(planHash);
  const answer = commissionAnswer({ orderNo, currency: sum?.currency ?? snapshot.state.currency, entry, sum, current });
  const { line_id, bonus, level, rate, base, original, amount, reversed, currency, explanation, reason } = answer;
  const bonusName = plan?.bonuses.find(({ id }) => id === bonus)?.name ?? bonus;
  return { line_id, bonus, bonus_name: bonusName, level, rate, base, original, amount, reversed, currency, explanation, reason };
}
