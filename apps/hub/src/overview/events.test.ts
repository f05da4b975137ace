import { afterAll, beforeAll, expect, test } from "vitest";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let rival: TestCompany;
beforeAll(async () => {
  hub = await openTestHub();
  rival = await setUpTestCompany(hub, "rival");
  await addSeedNetwork(hub);
});
afterAll(() => hub.close());

async function listen(key: string) {
  const response = await hub.app.request("/api/events", {
    headers: { authorization: `Bearer ${key}`, accept: "text/event-stream" },
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    text: () => text,
    until: async (what: string) => {
      while (!text.includes(what)) text += (await reader?.read())?.value ?? "";
    },
    close: () => reader?.cancel(),
  };
}

test("an act is told to the pages of its own company, and to no other's", async () => {
  const own = await listen(hub.company.keys.read);
  const other = await listen(rival.keys.read);
  await own.until("event: open");
  await other.until("event: open");
  await sendOrder(hub, JSON.parse(TRANSFORM));
  await own.until("event: changes");
  hub.announcer.say(rival.companyId, "progress");
  await other.until("event: progress");
  expect(other.text()).not.toContain("event: changes");
  await own.close();
  await other.close();
});

test("a preview is told to nobody: pages that show one would ask for it again and again", async () => {
  const own = await listen(hub.company.keys.read);
  await own.until("event: open");
  const row = { sku_id: "A", platform: "shopify", platform_sku: "A", name: "A", commission_class: "products", pv: "1" };
  const { status } = await call(hub, "/api/sku-map/preview", { key: hub.company.keys.admin, body: { rows: [row] } });
  expect(status).toBe(200);
  await hub.announcer.tellNow();
  // What is told after it is heard after it.
  hub.announcer.say(hub.company.companyId, "progress");
  await hub.announcer.tellNow();
  await own.until("event: progress");
  expect(own.text()).not.toContain("event: changes");
  // An act is heard in just this way.
  expect((await call(hub, "/api/sku-map/rows", { key: hub.company.keys.admin, body: { rows: [row] } })).status).toBe(200);
  await hub.announcer.tellNow();
  await own.until("event: changes");
  await own.close();
});

test("a trial of a close is told, unlike previews that leave nothing: who looks at the period has another run beside it", async () => {
  const key = hub.company.keys.admin;
  const opened = await call(hub, "/api/periods", { key, body: { month: "2026-01", currency: "USD" } });
  expect(opened.status).toBe(201);
  await hub.announcer.tellNow();
  const own = await listen(hub.company.keys.read);
  await own.until("event: open");
  const path = `/api/periods/${opened.body.period_id}/preview`;
  const tried = await hub.app.request(path, { method: "POST", headers: { authorization: `Bearer ${key}` } });
  expect(tried.status).toBe(200);
  await hub.announcer.tellNow();
  hub.announcer.say(hub.company.companyId, "progress");
  await hub.announcer.tellNow();
  await own.until("event: progress");
  expect(own.text()).toContain("event: changes");
  await own.close();
});

test("whoever asks for no stream is told the events' names; whoever has no key nothing", async () => {
  const headers = { authorization: `Bearer ${hub.company.keys.read}` };
  const answer = await hub.app.request("/api/events", { headers });
  expect(await answer.json()).toStrictEqual({ events: ["deliveries", "changes", "progress"] });
  expect((await hub.app.request("/api/events", { headers: { accept: "text/event-stream" } })).status).toBe(401);
});
