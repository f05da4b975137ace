import { afterAll, beforeAll, expect, test } from "vitest";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** The orders of a day: from its first moment in UTC to its last, whatever zone their time was told in. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  const moments = [
    "2026-03-28T23:59:59.999Z",
    "2026-03-29T00:00:00.000Z",
    "2026-03-29T14:30:00.000+02:00",
    "2026-03-30T01:59:59.999+02:00",
    "2026-03-30T02:00:00.000+02:00",
  ];
  for (const [index, order_ts] of moments.entries())
    await sendOrder(hub, { ...JSON.parse(TRANSFORM), platform_order_id: `day-${index}`, order_ts });
});
afterAll(() => hub.close());

const listed = async (query: string) => {
  const { status, body } = await call(hub, `/api/orders?${query}`, { key: hub.company.keys.read });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items.map((one: { platform_order_id: string }) => one.platform_order_id);
};

test("orders are listed by the day they were placed on, alone and beside other filters, page by page", async () => {
  expect(await listed("placed_on=2026-03-28")).toStrictEqual(["day-0"]);
  expect(await listed("placed_on=2026-03-29")).toStrictEqual(["day-3", "day-2", "day-1"]);
  expect(await listed("placed_on=2026-03-30")).toStrictEqual(["day-4"]);
  expect(await listed("placed_on=2026-03-31")).toStrictEqual([]);
  expect(await listed("placed_on=2026-03-29&platform_order_id=day-2")).toStrictEqual(["day-2"]);
  expect(await listed("placed_on=2026-03-29&platform=magento")).toStrictEqual([]);
  const { body } = await call(hub, "/api/orders?placed_on=2026-03-29&limit=2", { key: hub.company.keys.read });
  expect(body.items.length).toBe(2);
  expect(await listed(`placed_on=2026-03-29&limit=2&before=${body.next}`)).toStrictEqual(["day-1"]);
});

test("what is no day is refused by name", async () => {
  for (const wrong of ["2026-02-30", "29.03.2026", "2026-03-29T00:00:00Z"]) {
    const { status, body } = await call(hub, `/api/orders?placed_on=${wrong}`, { key: hub.company.keys.read });
    expect([status, body.errors[0].path]).toStrictEqual([400, "placed_on"]);
  }
});
