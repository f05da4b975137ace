import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { importDistributors } from "./import.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  const { companyId } = hub.company;
  // D09 with D10 and D11 below moves from D08 to D02 in March 2026, and is suspended in May.
  const change = (from: string, row: object) =>
    importDistributors(hub, { companyId, from: new Date(from), rows: [{ line: 1, distributorId: "D09", ...row }] });
  for (const result of [
    await change("2026-03-01T00:00:00Z", { sponsorId: "D02" }),
    await change("2026-05-01T00:00:00Z", { status: "suspended" }),
  ])
    expect(result.errors).toStrictEqual([]);
});
afterAll(() => hub.close());

const get = (path: string, key = hub.company.keys.read) => call(hub, `/api/distributors${path}`, { key });
const idsOf = (body: { items: { distributor_id: string }[] }) => body.items.map((one) => one.distributor_id);

describe("distributors", () => {
  it("have the document's fields, and neither name nor address for who is no admin", async () => {
    const { body } = await get("/9012");
    expect(body).toStrictEqual({
      distributor_id: "9012",
      sponsor_id: "D06",
      status: "active",
      country: "US",
      tax_id: "•••1120",
      created_at: "2025-02-01T00:00:00.000Z",
      rank: "gold",
      codes: ["ABC123"],
    });
    const admins = (await get("/9012", hub.company.keys.admin)).body;
    expect([admins.tax_id, admins.name]).toStrictEqual(["078-05-1120", "Maya Lind"]);
  });

  it("are listed, filtered and paged", async () => {
    const first = await get("?limit=2");
    expect([idsOf(first.body), idsOf((await get(`?limit=2&before=${first.body.next}`)).body)]).toStrictEqual([
      ["9012", "D12"],
      ["D11", "D10"],
    ]);
    expect(idsOf((await get("?status=terminated")).body)).toStrictEqual(["D12"]);
    expect(idsOf((await get("?status=suspended")).body)).toStrictEqual(["D09"]);
    expect(idsOf((await get("?status=suspended&at=2026-04-01")).body)).toStrictEqual([]);
    expect(idsOf((await get("?country=us")).body)).toStrictEqual(["9012"]);
    expect(idsOf((await get("?rank=gold")).body)).toStrictEqual(["9012", "D08", "D02", "D01"]);
    expect(idsOf((await get("?sponsor_id=D02")).body)).toStrictEqual(["D09", "D03"]);
    expect(idsOf((await get("?code=maya21")).body)).toStrictEqual(["D03"]);
    expect(idsOf((await get("?code=d03")).body)).toStrictEqual(["D03"]);
    expect((await get("?at=soon")).status).toBe(400);
  });

  it("stand where they stood at a time", async () => {
    expect(idsOf((await get("/D11/upline?at=2026-02-28T23:59:59Z")).body)).toStrictEqual(["D10", "D09", "D08", "D01"]);
    const now = (await get("/D11/upline")).body.items;
    expect(
      now.map((one: { distributor_id: string; level: number; status: string }) => [one.level, one.distributor_id, one.status]),
    ).toStrictEqual([
      [1, "D10", "active"],
      [2, "D09", "suspended"],
      [3, "D02", "active"],
      [4, "D01", "active"],
    ]);
    expect((await get("/D01/upline")).body.items).toStrictEqual([]);
  });

  it("show their downline level by level, as of a time, bounded and paged", async () => {
    expect(idsOf((await get("/D02/downline?depth=2")).body)).toStrictEqual(["D03", "D09", "D04", "D10"]);
    expect(idsOf((await get("/D02/downline?depth=2&at=2026-02-01")).body)).toStrictEqual(["D03", "D04"]);
    expect(idsOf((await get("/D08/downline?depth=9&at=2026-02-01")).body)).toStrictEqual(["D09", "D12", "D10", "D11"]);
    // 9012 enrolled in February 2025 only.
    expect(idsOf((await get("/D06/downline?at=2025-01-15")).body)).toStrictEqual(["D07"]);
    const first = await get("/D01/downline?depth=50&limit=5");
    const second = await get(`/D01/downline?depth=50&limit=5&before=${encodeURIComponent(first.body.next)}`);
    const third = await get(`/D01/downline?depth=50&limit=5&before=${encodeURIComponent(second.body.next)}`);
    const all = [first, second, third].flatMap((one) => idsOf(one.body));
    expect([all.length, new Set(all).size, third.body.next]).toStrictEqual([12, 12, null]);
    expect((await get("/D01/downline?depth=51")).status).toBe(400);
  });

  it("agree with what the pipeline locks into an order", async () => {
    const { body: order } = await sendOrder(hub, {
      ...JSON.parse(TRANSFORM),
      distributor_ref: "D11",
      order_ts: "2026-04-01T00:00:00Z",
    });
    const { body: detail } = await call(hub, `/api/orders/${order.order_id}`);
    const { body: upline } = await get("/D11/upline?at=2026-04-01T00:00:00Z");
    expect(detail.upline.slice(1)).toStrictEqual(
      upline.items.map((one: { distributor_id: string; status: string; rank: string }) => ({
        distributor_id: one.distributor_id,
        status: one.status,
        rank: one.rank,
      })),
    );
  });

  it("are enrolled by an admin, once", async () => {
    const body = {
      distributor_id: "9013",
      sponsor_id: "9012",
      country: "us",
      codes: ["BEN22"],
      tax_id: "12",
      email: "ben@example.com",
      created_at: "2026-06-01",
    };
    const enrol = (more: object, key = hub.company.keys.admin) =>
      call(hub, "/api/distributors", { key, body: { ...body, ...more } });
    expect((await enrol({}, hub.company.keys.read)).status).toBe(403);
    const done = await enrol({});
    expect([
      done.status,
      done.body.sponsor_id,
      done.body.country,
      done.body.created_at,
      done.body.codes,
      done.body.tax_id,
    ]).toStrictEqual([201, "9012", "US", "2026-06-01T00:00:00.000Z", ["BEN22"], "12"]);
    expect((await get("/9013")).body.tax_id).toBe("•••");
    expect([(await enrol({ country: "DE" })).status, (await get("/9013")).body.country]).toStrictEqual([409, "US"]);
    const taken = await enrol({ distributor_id: "9014", codes: ["MAYA21"] });
    expect([taken.status, taken.body.errors[0].path]).toStrictEqual([422, "codes"]);
    const orphan = await enrol({ distributor_id: "9014", codes: [], sponsor_id: "D77" });
    expect([orphan.status, orphan.body.errors[0].path]).toStrictEqual([422, "sponsor_id"]);
  });

  it("are enrolled once where the same enrolment is sent many times at once", async () => {
    for (const id of ["R1", "R2", "R3"]) {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => call(hub, "/api/distributors", { body: { distributor_id: id, sponsor_id: "D01" } })),
      );
      expect(answers.map(({ status }) => status).toSorted()).toStrictEqual([201, 409, 409, 409]);
    }
  });
});
