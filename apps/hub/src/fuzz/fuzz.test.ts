import { readSoak } from "@upline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { spoil } from "./api-calls.ts";
import { Draw } from "./draw.ts";
import { fuzz } from "./fuzz.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

test("drawn calls and spoiled deliveries are answered, none by a fault of the hub, and what was stored can be read", async () => {
  const report = await fuzz({ hub, company: hub.company, seed: readSoak(process.env).seed, calls: 400, deliveries: 200 });
  expect(report.failures).toStrictEqual([]);
  expect(report.ordersRead).toBeGreaterThan(0);
  // Calls that all miss their address would find nothing.
  expect(report.statuses["404"] ?? 0).toBeLessThan(report.calls / 2);
}, 180_000);

test("a fault is reported with what caused it", async () => {
  const broken = { app: { request: hub.app.request, fetch: () => new Response("", { status: 500 }) }, worker: hub.worker };
  const report = await fuzz({ hub: broken as never, company: hub.company, seed: 1, calls: 3, deliveries: 2 });
  expect([report.ok, report.statuses]).toStrictEqual([false, { "500": 6 }]);
  expect(report.failures[0]).toMatch(/^500 POST \/ingest\//);
});

test("the same seed draws the same", () => {
  const drawn = (seed: number) => {
    const draw = new Draw(seed);
    return Array.from({ length: 50 }, () => spoil(draw, { a: [1, { b: "c" }], d: null }));
  };
  expect(drawn(7)).toStrictEqual(drawn(7));
  expect(drawn(7)).not.toStrictEqual(drawn(8));
});
