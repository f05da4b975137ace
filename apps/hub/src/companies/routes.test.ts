import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

test("a key is told whose data it opens, and in which zone days are counted", async () => {
  const answer = await hub.app.request("/api/company", { headers: { authorization: `Bearer ${hub.company.keys.read}` } });
  expect([answer.status, await answer.json()]).toStrictEqual([200, { slug: "acme", name: "Company acme", time_zone: "UTC" }]);
  expect((await hub.app.request("/api/company")).status).toBe(401);
});
