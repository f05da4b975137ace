/** Waits until the shop has said everything it has to say, and compares the hub's books with what the suite expects. */
import { setTimeout as wait } from "node:timers/promises";
import { compare, type Difference } from "@upline/shop-suite/books";
import type { Gate } from "@upline/shop-suite/gate";
import type { BookedOrder, Hub } from "@upline/shop-suite/hub";
import { sum } from "@upline/shop-suite/worth";
import { expectAll } from "./expected.ts";
import type { Placed } from "./placed.ts";
import type { SecondStore } from "./second-store.ts";
import type { Shop } from "./shop.ts";

/** What a judgement needs to know of a run. */
export interface Run {
  readonly shop: Shop;
  readonly gate: Gate;
  readonly hub: Hub;
  readonly placed: Placed;
  second: SecondStore | null;
  /** What went wrong beside the books. */
  readonly problems: string[];
}

export interface Judgement {
  readonly orders: number;
  readonly differences: Difference[];
  /** What the hub's ledger holds for these orders: zero would make every comparison with it empty. */
  readonly bookedMinor: bigint;
  /** What still waits in the shop. */
  readonly waiting: number;
}

const LONGEST_WAIT_MS = 240_000;
/** The hub has taken in everything by then; a difference that stays is one. */
const PATIENCE_MS = 8_000;

export async function judge(run: Run): Promise<Judgement> {
  const began = Date.now();
  let emptySince: number | null = null;
  for (;;) {
    // Somebody looks at the shop now and then, and its cron is called, as a host does.
    await run.shop.visit("/wp-cron.php?doing_wp_cron");
    const { waiting } = (await run.shop.inside("outbox")) as { waiting: number };
    emptySince = waiting === 0 ? (emptySince ?? Date.now()) : null;
    const isLate = Date.now() - began > LONGEST_WAIT_MS;
    if (emptySince !== null || isLate) {
      const judgement = await look(run, waiting);
      const isSettled = emptySince !== null && Date.now() - emptySince > PATIENCE_MS;
      if (judgement.differences.length === 0 || isSettled || isLate) return judgement;
    }
    await wait(1000);
  }
}

async function look({ shop, gate, hub, placed, second, problems }: Run, waiting: number): Promise<Judgement> {
  const { codes } = placed;
  const booked = await hub.books(gate.granted?.store ?? "", Math.min(...codes.keys()));
  const differences = compare({ store: "the shop", codes, shop: expectAll(await shop.facts(codes.keys()), codes), hub: booked });
  if (second) {
    const elsewhere = await hub.books(second.store, Math.min(...second.codes.keys()));
    differences.push(
      ...compare({ store: "the second store", codes: second.codes, shop: expectAll(second.shop, second.codes), hub: elsewhere }),
    );
  }
  differences.push(...problems.map((text) => ({ kind: "existence" as const, text })));
  if (waiting > 0) differences.push({ kind: "existence", text: `${waiting} changes still wait in the shop` });
  const unsigned = gate.deliveries.filter(({ signed }) => !signed).length;
  if (unsigned > 0)
    differences.push({ kind: "existence", text: `${unsigned} deliveries were not signed with the store's secret` });
  return { orders: codes.size, differences, bookedMinor: total(booked), waiting };
}

const total = (booked: readonly BookedOrder[]): bigint => sum(booked.flatMap(({ earned }) => [...earned.values()]));
