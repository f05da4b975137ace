import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Lanes } from "./lanes.ts";
import type { ReadDelivery } from "./read.ts";

const GATHER = { below: 5, ms: 2 };

const delivery = (companyId: number, order: string, no: number) =>
  ({
    delivery: { companyId, storeId: "store", deliveryId: BigInt(no) },
    said: { kind: "deleted", orderId: order },
  }) as unknown as ReadDelivery;

const orderOf = ({ said }: ReadDelivery) => (said.kind === "deleted" ? said.orderId : "");
/** Until it is so, however busy the machine is. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 1 });
/** Long enough for whatever should not happen to happen on a machine that is not busy. */
const turns = (count: number) => new Promise<void>((resolve) => setTimeout(resolve, count));

test("property: everything is done once, an order's deliveries one after the other as they came, within the bounds", async () => {
  const arrival = fc.record({ company: fc.nat(2), order: fc.nat(6), pause: fc.nat(8) });
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { maxLength: 60 }), fc.infiniteStream(fc.nat(3)), async (arrivals, delays) => {
      const busy = new Set<string>();
      const done = new Map<string, bigint[]>();
      let underWay = 0;
      const lanes = new Lanes({
        ...{ atOnce: 3, perCompany: 2, batch: 4, gather: GATHER, prepare: () => null },
        run: async (batch) => {
          underWay++;
          expect(underWay).toBeLessThanOrEqual(3);
          expect(batch.length).toBeLessThanOrEqual(4);
          expect(new Set(batch.map((read) => read.delivery.companyId)).size).toBe(1);
          const keys = new Set(batch.map((read) => `${read.delivery.companyId} ${orderOf(read)}`));
          for (const key of keys) expect(busy.has(key)).toBe(false);
          for (const key of keys) busy.add(key);
          await turns(delays.next().value as number);
          for (const read of batch) {
            const key = `${read.delivery.companyId} ${orderOf(read)}`;
            done.set(key, [...(done.get(key) ?? []), read.delivery.deliveryId]);
          }
          for (const key of keys) busy.delete(key);
          underWay--;
        },
      });
      const sent = new Map<string, bigint[]>();
      for (const [no, { company, order, pause }] of arrivals.entries()) {
        const key = `${company} ${order}`;
        sent.set(key, [...(sent.get(key) ?? []), BigInt(no)]);
        lanes.add(delivery(company, String(order), no));
        if (pause === 0) await turns(1);
      }
      await lanes.idle();
      expect(done).toStrictEqual(sent);
    }),
    runs(20),
  );
});

/** Batches as they begin; each ends when it is told to. */
function watched(options: { batch: number; perCompany?: number; atOnce?: number }) {
  const begun: { readonly batch: readonly ReadDelivery[]; readonly end: () => void }[] = [];
  const lanes = new Lanes({
    ...{ atOnce: 4, perCompany: 2, gather: GATHER, prepare: () => null },
    ...options,
    run: (batch) => new Promise((end) => begun.push({ batch, end })),
  });
  return { begun, lanes, sizes: () => begun.map(({ batch }) => batch.length) };
}

test("a quiet company has one batch under way, and what comes meanwhile gathers", async () => {
  const { begun, lanes, sizes } = watched({ batch: 10 });
  for (let no = 0; no < 3; no++) lanes.add(delivery(1, `first ${no}`, no));
  await soon(() => expect(sizes()).toStrictEqual([3]));
  for (let no = 0; no < 9; no++) lanes.add(delivery(1, `second ${no}`, no));
  await turns(20);
  expect(sizes()).toStrictEqual([3]);
  begun[0]?.end();
  await soon(() => expect(sizes()).toStrictEqual([3, 9]));
});

test("a flood has two batches of one company under way, and leaves the others their turn", async () => {
  const { begun, lanes, sizes } = watched({ batch: 10, atOnce: 3 });
  for (let no = 0; no < 50; no++) lanes.add(delivery(1, `flood ${no}`, no));
  lanes.add(delivery(2, "alone", 1));
  await soon(() => expect(sizes()).toStrictEqual([10, 10, 1]));
  expect(begun[2]?.batch[0]?.delivery.companyId).toBe(2);
});

test("a second delivery of an order that is under way waits for it, and lets the others pass", async () => {
  const { begun, lanes } = watched({ batch: 2 });
  for (const [no, order] of ["a", "b", "a", "c", "d"].entries()) lanes.add(delivery(1, order, no));
  const orders = () => begun.map(({ batch }) => batch.map(orderOf).join());
  await soon(() => expect(orders()).toStrictEqual(["a,b", "c,d"]));
  begun[0]?.end();
  begun[1]?.end();
  await soon(() => expect(orders()).toStrictEqual(["a,b", "c,d", "a"]));
});

test("a company that is not prepared yet takes nobody's turn, and goes on once it is", async () => {
  const begun: number[] = [];
  let prepared = () => {};
  const preparing = new Promise<void>((resolve) => (prepared = resolve));
  const lanes = new Lanes({
    ...{ atOnce: 1, perCompany: 2, batch: 10, gather: GATHER },
    prepare: (companyId) => (companyId === 1 ? preparing : null),
    run: async (batch) => void begun.push(batch[0]?.delivery.companyId ?? 0),
  });
  lanes.add(delivery(1, "a", 1));
  lanes.add(delivery(2, "b", 2));
  await soon(() => expect(begun).toStrictEqual([2]));
  prepared();
  await lanes.idle();
  expect(begun).toStrictEqual([2, 1]);
});
