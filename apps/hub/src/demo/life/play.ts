import { actorOf } from "../../db/audit.ts";
import type { Hub } from "../../hub.ts";
import { foldLedger } from "../../ledger/fold.ts";
import { importDistributors } from "../../network/import.ts";
import { addTree, placeWaiting } from "../../network/placement.ts";
import { bookPending } from "../../periods/book-volumes.ts";
import { closePeriod, commitClose, previewClose } from "../../periods/close.ts";
import { openPeriod } from "../../periods/open.ts";
import type { DemoDelivery } from "../deliveries.ts";
import type { DemoPeople } from "../people.ts";
import { followLinks } from "./clicks.ts";
import { beginningOf, MONTHS, type Month } from "./months.ts";
import { joinedIn, MOVES } from "./network-life.ts";
import { deliveryOf, UNREADABLE } from "./shop-bodies.ts";
import { type SoldOrder, soldIn } from "./sold-orders.ts";

/**
 * Six months of the demo's company, month by month, as they would have come: people join and move, shops sell and take back, a month
 * is closed by two people. What a close decides, the next month's orders are judged by.
 */

/** July to September are closed, October waits for its second person, November is open; in June nobody closed anything yet. */
const CLOSED: readonly Month[] = ["2026-07", "2026-08", "2026-09"];
const PROPOSED: Month = "2026-10";
const PERIODS: readonly Month[] = [...CLOSED, PROPOSED, "2026-11"];

const ACTOR = "demo";
/** Beside the sponsors' tree; whoever joined last waits for a place in it. */
const TREE = { tree: "binary", actor: ACTOR } as const;

export interface Life {
  readonly hub: Hub;
  readonly companyId: number;
  readonly people: DemoPeople;
  /** Sends deliveries, and resolves once all are processed. */
  readonly send: (deliveries: readonly DemoDelivery[]) => Promise<void>;
  readonly onMonth: (month: Month) => void;
}

/** Answers what the shops sent. */
export async function playSixMonths(life: Life): Promise<DemoDelivery[]> {
  const { hub, companyId } = life;
  const sent: DemoDelivery[] = [];
  const sold = new Map(MONTHS.map((month) => [month, soldIn(month)]));
  await addTree(hub, { ...TREE, companyId, width: 2, depth: null, spillover: "breadth-first", windowDays: 30 });
  for (const month of PERIODS) await openPeriod(hub, { companyId, month, currency: "EUR", actor: ACTOR });
  for (const month of MONTHS) {
    life.onMonth(month);
    await changeNetwork(life, month);
    const deliveries = deliveriesIn(month, sold);
    // What became of orders comes behind their purchases, whichever shop is quicker: so every run has the same ledger.
    for (const wave of deliveries) await life.send(wave);
    sent.push(...deliveries.flat());
    await settleMonth(life, month);
  }
  await life.send([UNREADABLE]);
  await bookPending(hub, { companyId });
  await previewClose(hub, { companyId, periodNo: PERIODS.length, actor: actorOf("person", life.people.finance) });
  await followLinks(hub, companyId);
  await foldLedger(hub.db, { companyId });
  return [...sent, UNREADABLE];
}

function deliveriesIn(month: Month, sold: ReadonlyMap<Month, readonly SoldOrder[]>): [DemoDelivery[], DemoDelivery[]] {
  const isOfMonth = ({ changedAt }: SoldOrder) => changedAt?.toISOString().startsWith(month) === true;
  const changed = [...sold.values()].flat().filter(isOfMonth);
  changed.sort((a, b) => Number(a.changedAt) - Number(b.changedAt));
  return [
    (sold.get(month) ?? []).map((order) => deliveryOf(order, "bought")),
    changed.map((order) => deliveryOf(order, "changed")),
  ];
}

async function changeNetwork({ hub, companyId }: Life, month: Month): Promise<void> {
  await importWhole(hub, { companyId, rows: joinedIn(month), actor: ACTOR });
  for (const { from, distributorId, sponsorId } of MOVES.filter((move) => move.month === month))
    await importWhole(hub, { companyId, rows: [{ line: 2, distributorId, sponsorId }], from, actor: ACTOR });
  await placeWaiting(hub, { ...TREE, companyId, now: beginningOf(month) });
}

async function importWhole(hub: Hub, args: Parameters<typeof importDistributors>[1]): Promise<void> {
  const { errors } = await importDistributors(hub, args);
  if (errors[0]) throw new Error(`the demo's own network was refused: ${errors[0].field}: ${errors[0].message}`);
}

/** A month that is over is proposed by one person and, but for the last, confirmed by another. */
async function settleMonth({ hub, companyId, people }: Life, month: Month): Promise<void> {
  const periodNo = PERIODS.indexOf(month) + 1;
  if (periodNo === 0 || !(CLOSED.includes(month) || month === PROPOSED)) return;
  const by = (personId: string) => ({
    companyId,
    periodNo,
    actor: actorOf("person", personId),
    person: actorOf("person", personId),
  });
  if (month === PROPOSED) await previewClose(hub, by(people.finance));
  await closePeriod(hub, by(people.finance));
  if (month !== PROPOSED) await commitClose(hub, by(people.owner));
}
