import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const keys = () => hub.company.keys;
const set = (body: object, key = keys().admin) => call(hub, "/api/exchange-rates", { key, method: "POST", body });
const rate = { from: "EUR", to: "USD", rate: "1.27151", valid_from: "2026-06-01" };

test("a rate is set by an admin, listed with who set it, and one of the same day is a further row", async () => {
  expect((await set(rate, keys().read)).status).toBe(403);
  expect((await set(rate)).body).toStrictEqual({ released_orders: 0 });
  await set({ ...rate, rate: "1/0.78" });
  const { body } = await call(hub, "/api/exchange-rates?from_currency=EUR", { key: keys().read });
  expect(body.items.map((row: { rate: string; valid_from: string }) => [row.rate, row.valid_from])).toStrictEqual([
    ["1/0.78", "2026-06-01T00:00:00.000Z"],
    ["1.27151", "2026-06-01T00:00:00.000Z"],
  ]);
  expect(body.items[0].set_by).not.toBe("");
});

test("what cannot be a rate is refused with the field", async () => {
  for (const [wrong, path] of [
    [{ rate: "0" }, "rate"],
    [{ to: "ZZZ" }, "to"],
    [{ valid_from: "tomorrow" }, "valid_from"],
  ] as const) {
    const { status, body } = await set({ ...rate, ...wrong });
    expect([status, body.fields?.[0]?.path ?? body.errors?.[0]?.path], JSON.stringify(body)).toStrictEqual([422, path]);
  }
});
