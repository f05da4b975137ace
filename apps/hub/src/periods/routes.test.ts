import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { createKey } from "../keys/create.ts";
import { JUNE, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** Periods and placements over HTTP. The figures of June are worked out in `periods/close.test.ts`. */

let hub: TestHub;
let company: PeriodCompany;
const keys: Record<string, string> = {};
before(async () => {
  hub = await openTestHub();
  company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  for (const [name, scope] of [
    ["ann", "admin"],
    ["bob", "admin"],
    ["eve", "read"],
  ] as const) {
    keys[name] = (await createKey(hub, { companyId: company.companyId, name, scopes: [scope], actor: "test" })).key;
  }
});
after(() => hub.close());

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
  assert.deepEqual([opened.status, opened.body.state, opened.body.starts_at], [201, "open", "2026-06-01T00:00:00.000Z"]);
  const at = `/periods/${opened.body.period_id}`;
  assert.equal((await call("eve", "POST", `${at}/close`)).status, 403);
  assert.equal((await call("eve", "GET", `${at}/results`)).status, 404);

  const preview = await call("ann", "POST", `${at}/preview`);
  assert.deepEqual([preview.body.run.kind, preview.body.run.totals.paidMinor, preview.body.state], ["trial", "15058", "open"]);
  const proposed = await call("ann", "POST", `${at}/close`);
  assert.deepEqual([proposed.status, proposed.body.run.actor, proposed.body.state], [200, "key:ann", "closing"]);
  assert.equal(proposed.body.run.output_hash, preview.body.run.output_hash);
  const alone = await call("ann", "POST", `${at}/commit`);
  assert.deepEqual([alone.status, alone.body.errors[0].path], [409, "actor"]);
  const done = await call("bob", "POST", `${at}/commit`);
  assert.deepEqual([done.status, done.body.state, done.body.run.actor], [200, "closed", "key:bob"]);

  const one = await call("eve", "GET", `${at}/results?distributor_id=A3`);
  assert.deepEqual(one.body.items, [
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
  const first = await call("eve", "GET", `${at}/results?limit=4`);
  const second = await call("eve", "GET", `${at}/results?limit=4&before=${first.body.next}`);
  assert.equal(first.body.items.length + second.body.items.length, 6);
  assert.equal(second.body.next, null);
  const why = await call("eve", "GET", `${at}/explanations/A3`);
  assert.deepEqual(why.body.next_rank, ["for Gold:", "group volume: needs 700, had 533.33: 166.67 short"]);
  const ledger = await call("eve", "GET", "/ledger?distributor_id=A3");
  const ofClose = ledger.body.items.find((row: { order_id: string | null }) => row.order_id === null);
  assert.deepEqual([ofClose.amount, ofClose.calc_snapshot_json.format], ["36.66", "upline-close/1"]);
  assert.equal((await call("eve", "GET", `${at}/explanations/nobody`)).status, 404);
  assert.deepEqual(
    (await call("eve", "GET", at)).body.runs.map((run: { kind: string }) => run.kind),
    ["committed", "proposed", "trial"],
  );
  assert.equal((await call("eve", "GET", "/periods")).body.items.length, 1);
});

it("another company's periods are not there", async () => {
  const [found] = (await call("eve", "GET", "/periods")).body.items;
  for (const path of ["", "/results", "/explanations/A3"]) {
    const foreign = await call(hub.company.keys.admin, "GET", `/periods/${found.period_id}${path}`);
    assert.equal(foreign.status, 404, path);
  }
  assert.equal((await call(hub.company.keys.admin, "POST", `/periods/${found.period_id}/rerun`)).status, 404);
  assert.equal((await call("eve", "GET", "/periods/99999999999999")).status, 404);
});

it("a placement tree: add, place, move, fill, read as of a time", async () => {
  const shape = { tree: "binary", width: 2, spillover: "breadth-first", window_days: 0 };
  assert.equal((await call("eve", "POST", "/placements/trees", shape)).status, 403);
  assert.equal((await call("ann", "POST", "/placements/trees", shape)).status, 201);
  assert.equal((await call("ann", "POST", "/placements/trees", shape)).status, 409);
  const top = { tree: "binary", distributor_id: "A1", parent_id: null, at: "2026-02-01" };
  assert.deepEqual((await call("ann", "POST", "/placements", top)).body, { distributor_id: "A1", parent_id: null, leg: 0 });
  const under = { tree: "binary", distributor_id: "A2", leg: 1, at: "2026-02-01" };
  assert.deepEqual((await call("ann", "POST", "/placements", under)).body, { distributor_id: "A2", parent_id: "A1", leg: 1 });
  assert.equal((await call("eve", "GET", "/placements/waiting?tree=binary")).body.items.length, 5);
  assert.deepEqual((await call("ann", "POST", "/placements/fill", { tree: "binary" })).body, { placed: 5, waiting: 0 });
  const circle = await call("ann", "POST", "/placements/move", {
    tree: "binary",
    distributor_id: "A1",
    parent_id: "A2",
    leg: 0,
    at: "2026-02-01",
  });
  assert.deepEqual([circle.status, circle.body.errors.length], [422, 1]);
  assert.equal((await call("eve", "GET", "/placements?tree=binary")).body.items.length, 7);
  assert.equal((await call("eve", "GET", "/placements?tree=binary&at=2026-03-01")).body.items.length, 2);
  assert.equal((await call("eve", "GET", "/placements/trees")).body.items[0].window_days, 0);
});
