import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let earned: string;
let pending: string;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  const transform = JSON.parse(TRANSFORM);
  earned = (await sendOrder(hub, transform)).body.order_id;
  pending = (await sendOrder(hub, { ...transform, platform_order_id: "2", status: "pending" })).body.order_id;
  await sendOrder(hub, { ...transform, platform_order_id: "3", distributor_ref: "D11" });
});
afterAll(() => hub.close());

const get = (path: string) => call(hub, `/api/commissions${path}`, { key: hub.company.keys.read });

describe("commissions", () => {
  it("are listed with what they are, the newest order first, page by page", async () => {
    const { body } = await get("?limit=5");
    expect(
      body.items.map(
        (one: {
          order_id: string;
          distributor_id: string;
          level: number;
          rate: string;
          original: string;
          amount: string;
          reversed: string;
        }) => [one.order_id, one.distributor_id, one.level, one.rate, one.original, one.amount, one.reversed],
      ),
    ).toStrictEqual([
      ["3", "D11", 1, "0.1", "9.69", "9.69", "0.00"],
      ["3", "D10", 2, "0.05", "4.85", "4.85", "0.00"],
      ["3", "D09", 3, "0.03", "2.91", "2.91", "0.00"],
      ["3", "D08", 4, "0.02", "1.94", "1.94", "0.00"],
      [earned, "9012", 1, "0.1", "9.69", "9.69", "0.00"],
    ]);
    const rest = await get(`?limit=5&before=${encodeURIComponent(body.next)}`);
    expect([rest.body.items.length, rest.body.next]).toStrictEqual([3, null]);
    expect((await get("?distributor_id=D10")).body.items.length).toStrictEqual(1);
    expect((await get("?breakage=true")).body.items.map((one: { amount: string }) => one.amount)).toStrictEqual(["2.91", "1.94"]);
    expect((await get("?before=7")).status).toBe(400);
  });

  it("explain themselves: the walk in plain words, who was passed over and why", async () => {
    const { body } = await get(`/${earned}/${encodeURIComponent("levels:1:3:company")}`);
    expect(body.walk.map((one: { distributor_id: string; text: string }) => [one.distributor_id, one.text])).toStrictEqual([
      ["9012", "level 1: gold earns 10% of 96.92 = 9.69 USD"],
      ["D06", "level 2: silver earns 5% of 96.92 = 4.85 USD"],
      ["D05", 'level 3: status is "inactive", which does not earn; skipped, the level goes to the next'],
      ["D04", "level 3: associate is not paid here, silver is the lowest rank that is; not earned, the level is used"],
      [null, "level 3: nobody qualified for 3% of 96.92: 2.91 USD stay with the company"],
    ]);
    expect(body.walk[2].reason).toStrictEqual({
      kind: "at-level",
      facts: { level: "3" },
      parts: [
        {
          kind: "skipped",
          facts: { status: "inactive" },
          parts: [{ kind: "why-status", facts: { status: "inactive" } }],
        },
      ],
    });
    expect(body.reason).toStrictEqual(body.walk[4].reason);
    expect(
      body.skipped.map((one: { distributor_id: string; outcome: string }) => [one.distributor_id, one.outcome]),
    ).toStrictEqual([
      ["D05", "skipped-status"],
      ["D04", "unearned-rank"],
    ]);
    expect([body.plan.id, body.plan.version, body.amount, body.transfers.length, body.transfers[0].kind]).toStrictEqual([
      "test-unilevel",
      1,
      "2.91",
      1,
      "breakage",
    ]);
  });

  it("of a pending order are what it would earn; nothing is booked", async () => {
    const { body } = await get(`/${pending}`);
    expect(body.items.map((one: { original: string; amount: string }) => [one.original, one.amount])).toStrictEqual([
      ["9.69", "0.00"],
      ["4.85", "0.00"],
      ["2.91", "0.00"],
      ["1.94", "0.00"],
    ]);
    const one = await get(`/${pending}/${encodeURIComponent(body.items[0].entry)}`);
    expect([one.body.amount, one.body.transfers]).toStrictEqual(["0.00", []]);
    expect((await get(`?order_id=${pending}`)).body.items.length).toBe(0);
  });

  it("are explained for the whole order, levels nobody is left for included", async () => {
    const { body } = await get("/3");
    expect(body.items.length).toBe(4);
    expect(body.walk.map((one: { text: string }) => one.text)).toStrictEqual([
      "level 1: associate earns 10% of 96.92 = 9.69 USD",
      "level 2: associate earns 5% of 96.92 = 4.85 USD",
      "level 3: silver earns 3% of 96.92 = 2.91 USD",
      "level 4: gold earns 2% of 96.92 = 1.94 USD",
    ]);
  });

  it("that are not there answer alike, whatever is missing", async () => {
    const answers = await Promise.all([get(`/${earned}/levels:9:9:D01`), get("/999/levels:1:1:9012"), get("/999")]);
    for (const answer of answers) expect([answer.status, answer.text]).toStrictEqual([404, answers[0]?.text]);
  });
});
