import { afterAll, beforeAll, expect, it } from "vitest";
import { createKey } from "../keys/create.ts";
import { JUNE, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** Periods and placements over HTTP. The figures of June are worked out in `periods/close.test.ts`. */

let hub: TestHub;
let company: PeriodCompany;
const keys: Record<string, string> = {};
beforeAll(async () => {
  hub = await openTestHub();
  company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  for (const [name, scope, owner] of [
    ["ann", "admin", "Ann Lee"],
    ["ann-too", "admin", " ann\u00a0 LEE "],
    ["bob", "admin", "Bob"],
    ["eve", "read", "Eve"],
  ] as const) {
    keys[name] = (await createKey(hub, { companyId: company.companyId, name, scopes: [scope], owner, actor: "test" })).key;
  }
});
afterAll(() => hub.close());

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
async function call(who: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const response = await hub.app.request(`/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${keys[who] ?? who}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

it("a period from opening to its results, by two keys", async () => {
  const opened = await call("ann", "POST", "/periods", { month: "2026-06", currency: "USD" });
  expect([opened.status, opened.body.state, opened.body.starts_at]).toStrictEqual([201, "open", "2026-06-01T00:00:00.000Z"]);
  const path = `/periods/${opened.body.period_id}`;
  expect((await call("eve", "POST", `${path}/close`)).status).toBe(403);
  expect((await call("eve", "GET", `${path}/results`)).status).toBe(404);

  const waits = async () => [
    (await call("eve", "GET", "/periods")).body.items[0].waits,
    (await call("eve", "GET", "/overview")).body.to_dos.proposals,
  ];
  expect(await waits()).toStrictEqual([false, 0]);
  const preview = await call("ann", "POST", `${path}/preview`);
  expect([preview.body.run.kind, preview.body.run.totals.paidMinor, preview.body.state]).toStrictEqual([
    "trial",
    "15058",
    "open",
  ]);
  // 15 % of 1,003.83 are 150.5745; what was paid is half a cent more by rounding.
  const payout = {
    ...{ state: "rounding", bounded: "150.58", fixed: "0.00", at_most: "150.57", open: [], fixed_bonuses: [] },
    ...{ shares_of_cv: { bounded: "15.00", fixed: "0.00", at_most: "15.00" }, ceiling: { of_cv: "15", of_net: "0" } },
  };
  expect([preview.body.run.payout, (await call("eve", "GET", path)).body.runs[0].payout]).toStrictEqual([payout, payout]);
  const proposed = await call("ann", "POST", `${path}/close`);
  expect([proposed.status, proposed.body.run.actor, proposed.body.state]).toStrictEqual([200, "key:ann", "closing"]);
  expect(proposed.body.run.output_hash).toBe(preview.body.run.output_hash);
  expect(proposed.body.run.person).toBe("Ann Lee");
  for (const [who, owner] of [
    ["ann", "Ann Lee"],
    ["ann-too", "ann LEE"],
  ] as const) {
    const alone = await call(who, "POST", `${path}/commit`);
    expect([alone.status, alone.body.errors?.[0].path], who).toStrictEqual([409, "actor"]);
    expect(alone.body.detail).toContain(`key:ann (Ann Lee) proposed this close, and key:${who} (${owner}) is the same person: `);
    expect(alone.body.detail).toMatch(/key create --name <name> --scope admin --owner <person>/);
  }
  for (const [who, isOwn] of [
    ["ann", true],
    ["bob", false],
  ] as const) {
    const [run] = (await call(who, "GET", path)).body.runs;
    expect([run.kind, run.person, run.is_own], who).toStrictEqual(["proposed", "Ann Lee", isOwn]);
  }
  expect((await call("bob", "GET", path)).body.waiting_run_id).toBe(proposed.body.run.run_id);
  expect(await waits()).toStrictEqual([true, 1]);
  const other = await call("bob", "POST", `${path}/commit?run_id=${Number(proposed.body.run.run_id) - 1}`);
  expect([other.status, other.body.errors?.[0].path]).toStrictEqual([409, "run_id"]);
  const done = await call("bob", "POST", `${path}/commit?run_id=${proposed.body.run.run_id}`);
  expect([done.status, done.body.state, done.body.run.actor]).toStrictEqual([200, "closed", "key:bob"]);
  expect(done.body.run.person).toBe("Bob");
  expect((await call("bob", "GET", path)).body.waiting_run_id).toBe(null);
  expect(await waits()).toStrictEqual([false, 0]);
  expect((await call("ann", "POST", `${path}/rerun`)).status).toBe(200);
  expect(await waits()).toStrictEqual([true, 1]);
  expect((await call("bob", "POST", `${path}/cancel`)).body.state).toBe("closed");
  expect(await waits()).toStrictEqual([false, 0]);
  expect((await call("bob", "POST", `${path}/cancel`)).status).toBe(409);

  const found = await call("eve", "GET", `${path}/results?distributor_id=A3`);
  expect(found.body.items).toStrictEqual([
    {
      distributor_id: "A3",
      active: true,
      pv: "200",
      own_volume: "200",
      gv: "533.33",
      personal_group_volume: "533.33",
      retail_volume: "0",
      active_legs: 0,
      qualified_rank: "silver",
      rank: "silver",
      title: "silver",
      bonuses: [{ bonus: "stairs", before_caps: "36.66", amount: "36.66" }],
      currency: "USD",
    },
  ]);
  const first = await call("eve", "GET", `${path}/results?limit=4`);
  const second = await call("eve", "GET", `${path}/results?limit=4&before=${first.body.next}`);
  expect(first.body.items.length + second.body.items.length).toBe(6);
  expect(second.body.next).toBe(null);
  const why = await call("eve", "GET", `${path}/explanations/A3`);
  expect(why.body.next_rank).toStrictEqual(["for Gold:", "group volume: needs 700, had 533.33: 166.67 short"]);
  const ledger = await call("eve", "GET", "/ledger?distributor_id=A3");
  const ofClose = ledger.body.items.find((row: { order_id: string | null }) => row.order_id === null);
  expect([ofClose.amount, ofClose.calc_snapshot_json.format]).toStrictEqual(["36.66", "upline-close/1"]);
  expect((await call("eve", "GET", `${path}/explanations/nobody`)).status).toBe(404);
  expect((await call("eve", "GET", path)).body.runs.map((run: { kind: string }) => run.kind)).toStrictEqual([
    "proposed",
    "committed",
    "proposed",
    "trial",
  ]);
  expect((await call("eve", "GET", "/periods")).body.items.length).toBe(1);
});

it("another company's periods are not there", async () => {
  const [found] = (await call("eve", "GET", "/periods")).body.items;
  for (const path of ["", "/results", "/explanations/A3"]) {
    const foreign = await call(hub.company.keys.admin, "GET", `/periods/${found.period_id}${path}`);
    expect(foreign.status, path).toBe(404);
  }
  expect((await call(hub.company.keys.admin, "POST", `/periods/${found.period_id}/rerun`)).status).toBe(404);
  expect((await call("eve", "GET", "/periods/99999999999999")).status).toBe(404);
});

it("a placement tree: add, place, move, fill, read as of a time", async () => {
  const shape = { tree: "binary", width: 2, spillover: "breadth-first", window_days: 0 };
  expect((await call("eve", "POST", "/placements/trees", shape)).status).toBe(403);
  expect((await call("ann", "POST", "/placements/trees", shape)).status).toBe(201);
  expect((await call("ann", "POST", "/placements/trees", shape)).status).toBe(409);
  const closed = { tree: "binary", distributor_id: "A1", parent_id: null, at: "2026-02-01" };
  expect((await call("ann", "POST", "/placements", closed)).body.errors).toMatchObject([{ path: "at" }]);
  const top = { tree: "binary", distributor_id: "A1", parent_id: null, at: "2026-07-15" };
  expect((await call("ann", "POST", "/placements", top)).body).toStrictEqual({ distributor_id: "A1", parent_id: null, leg: 0 });
  const under = { tree: "binary", distributor_id: "A2", leg: 1, at: "2026-07-15" };
  expect((await call("ann", "POST", "/placements", under)).body).toStrictEqual({ distributor_id: "A2", parent_id: "A1", leg: 1 });
  expect((await call("eve", "GET", "/placements/waiting?tree=binary")).body.items.length).toBe(5);
  expect((await call("ann", "POST", "/placements/fill", { tree: "binary" })).body).toStrictEqual({ placed: 5, waiting: 0 });
  const circle = await call("ann", "POST", "/placements/move", {
    tree: "binary",
    distributor_id: "A1",
    parent_id: "A2",
    leg: 0,
    at: "2026-07-15",
  });
  expect([circle.status, circle.body.errors.length]).toStrictEqual([422, 1]);
  expect((await call("eve", "GET", "/placements?tree=binary")).body.items.length).toBe(7);
  expect((await call("eve", "GET", "/placements?tree=binary&at=2026-08-01")).body.items.length).toBe(2);
  expect((await call("eve", "GET", "/placements/trees")).body.items[0].window_days).toBe(0);
});
