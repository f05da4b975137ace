/** Waits until the shop has said everything it has to say, and compares the hub's books with what the suite expects. */
import { compare, type Difference } from "@upline/shop-suite/books";
import type { BookedOrder } from "@upline/shop-suite/hub";
import { sum } from "@upline/shop-suite/worth";
import { expectAll } from "./expected.ts";
import type { Run } from "./placed.ts";

export interface Judgement {
  readonly differences: readonly Difference[];
  /** What the hub's ledger holds for these orders: zero would make every comparison with it empty. */
  readonly bookedMinor: bigint;
}

const LONGEST_WAIT_MS = 60_000;

export async function judge(run: Run): Promise<Judgement> {
  const began = Date.now();
  for (;;) {
    await run.shop.inside("deliver");
    const judgement = await look(run);
    if (judgement.differences.length === 0 || Date.now() - began > LONGEST_WAIT_MS) return judgement;
  }
}

async function look({ shop, gate, hub, placed, problems }: Run): Promise<Judgement> {
  const { codes } = placed;
  const { waiting } = (await shop.inside("outbox")) as { waiting: number };
  const booked = await hub.books(gate.granted?.store ?? "", Math.min(...codes.keys()));
  const shopOrders = expectAll(await shop.facts(codes.keys()), codes);
  const differences = compare({ store: "the shop", codes, shop: shopOrders, hub: booked });
  differences.push(...problems.map(existence));
  if (waiting > 0) differences.push(existence(`${waiting} changes still wait in the shop`));
  const unsigned = gate.deliveries.filter(({ signed }) => !signed).length;
  if (unsigned > 0) differences.push(existence(`${unsigned} deliveries were not signed with the store's secret`));
  return { differences, bookedMinor: totalOf(booked) };
}

export const totalOf = (booked: readonly BookedOrder[]): bigint => sum(booked.flatMap(({ earned }) => [...earned.values()]));

const existence = (text: string): Difference => ({ kind: "existence", text });
