import { inEnglish } from "@upline/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { TEST_PLAN } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
});
afterAll(() => hub.close());

const api = (path: string, body?: unknown, key = hub.company.keys.admin) =>
  call(hub, `/api/plans${path}`, { key, ...(body === undefined ? {} : { body }) });
const publish = (document: object, effectiveFrom?: string) => api("", { document, effective_from: effectiveFrom });
const draft = (version: number) => ({ ...TEST_PLAN, version, name: `Draft ${version}` });

describe("the date of a published version", () => {
  it("is told when the same document is published with another one", async () => {
    const done = await publish(draft(20), "2040-01-01");
    expect([done.status, done.body.published, done.body.effective_from]).toStrictEqual([201, true, "2040-01-01T00:00:00.000Z"]);
    const same = await publish(draft(20), "2040-01-01");
    expect([same.status, same.body.published]).toStrictEqual([200, false]);
    expect((await publish(draft(20))).status).toBe(200);
    const other = await publish(draft(20), "2041-01-01");
    expect([other.status, other.body.errors[0].path]).toStrictEqual([409, "effective_from"]);
    expect(other.body.detail).toMatch(/in force from 2040-01-01T00:00:00.000Z, and this date is another one/);
  });

  it("is that of no other version", async () => {
    const same = await publish(draft(21), "2040-01-01T00:00:00Z");
    expect([same.status, same.body.errors[0].path]).toStrictEqual([409, "effective_from"]);
    expect(same.body.detail).toMatch(/Version 20 of plan "test-unilevel" is in force from 2040-01-01T00:00:00.000Z already/);
    expect((await publish(draft(21), "2040-02-01")).status).toBe(201);
    const later = await publish(draft(22), "2040-03-01");
    const moved = await api(`/${later.body.plan_hash}/redate`, { effective_from: "2040-02-01" });
    expect([moved.status, moved.body.errors[0].path]).toStrictEqual([409, "effective_from"]);
  });

  it("is given once where two versions are published for it at the same time", async () => {
    const answers = await Promise.all([30, 31, 32].map((version) => publish(draft(version), "2050-01-01")));
    expect(answers.map(({ status }) => status).toSorted()).toStrictEqual([201, 409, 409]);
    const same = await Promise.all([1, 2, 3].map(() => publish(draft(33), "2051-01-01")));
    expect(same.map(({ status }) => status).toSorted()).toStrictEqual([200, 200, 201]);
  });

  it("changes, or goes, before the version was used", async () => {
    const { body: plan } = await publish(draft(23), "2042-01-01");
    const moved = await api(`/${plan.plan_hash}/redate`, { effective_from: "2043-01-01" });
    expect([moved.status, moved.body.effective_from]).toStrictEqual([200, "2043-01-01T00:00:00.000Z"]);
    const withdrawn = await call(hub, `/api/plans/${plan.plan_hash}/withdraw`, { method: "POST" });
    expect([withdrawn.status, withdrawn.body.effective_from]).toStrictEqual([200, null]);
    expect((await publish(draft(24), "2043-01-01")).status).toBe(201);
    const back = await publish(draft(23), "2044-01-01");
    expect([back.status, back.body.effective_from]).toStrictEqual([201, "2044-01-01T00:00:00.000Z"]);
    const { body: listed } = await api("", undefined, hub.company.keys.read);
    expect(listed.items.find((plan: { version: number }) => plan.version === 23)).toMatchObject({
      name: "Draft 23",
      effective_from: "2044-01-01T00:00:00.000Z",
    });
  });

  it("decides which version judges an order, and stands once it did", async () => {
    const { body: plan } = await publish(draft(25), "2025-08-01");
    const order = (id: string) => sendOrder(hub, { ...JSON.parse(TRANSFORM), platform_order_id: id });
    await call(hub, `/api/plans/${plan.plan_hash}/withdraw`, { method: "POST" });
    expect((await order("before")).body.plan.version).toBe(1);
    const put = await api(`/${plan.plan_hash}/redate`, { effective_from: "2025-08-01" });
    expect(put.status).toBe(200);
    expect((await order("after")).body.plan.version).toBe(25);
    for (const answer of [
      await call(hub, `/api/plans/${plan.plan_hash}/withdraw`, { method: "POST" }),
      await api(`/${plan.plan_hash}/redate`, { effective_from: "2045-01-01" }),
    ]) {
      expect([answer.status, answer.body.errors[0].message]).toStrictEqual([409, "stands: the version was used"]);
    }
  });

  it("is an admin's to change, of a version that is there", async () => {
    const none = "0".repeat(64);
    expect((await api(`/${none}/redate`, { effective_from: "2045-01-01" })).status).toBe(404);
    expect((await api("", { document: draft(9) }, hub.company.keys.read)).status).toBe(403);
    expect((await api(`/${none}`)).status).toBe(404);
  });
});

it("a document is linted without being published", async () => {
  const good = await api("/lint", { document: draft(90) });
  expect([good.status, good.body.publishable]).toStrictEqual([200, true]);
  expect(good.body.findings.length).toBeGreaterThan(0);
  // What is told in English is told before any language too.
  for (const { wrong, right, reasons } of good.body.findings)
    expect([inEnglish(reasons.wrong), inEnglish(reasons.right)]).toStrictEqual([wrong, right]);
  const bad = await api("/lint", { document: { ...draft(90), rounding: "up" } });
  expect([bad.status, bad.body.publishable, bad.body.findings[0].path]).toStrictEqual([200, false, "rounding"]);
  expect((await api("", undefined)).body.items.some((plan: { version: number }) => plan.version === 90)).toBe(false);
});
