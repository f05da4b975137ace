import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { makeConnectionCode } from "../stores/code.ts";
import { closeMonth, JUNE, openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { signedRequest } from "../testing/recorded-lives.ts";
import { SHOP_DECISIONS, SHOP_DECISIONS_PAY, type Told, toldByPlugin } from "../testing/shop-decisions.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditLedger } from "./audit.ts";
import { creditOf } from "./credit.ts";
import { processWork } from "./process.ts";

/** What the people of a shop and its buyers say of who referred an order, what the hub pays, and what it answers the shop. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

let companies = 0;
const newCompany = () => setUpTestCompany(hub, `decided-${++companies}`);

async function tell(company: TestCompany, told: Told): Promise<void> {
  const { path, init } = signedRequest(company.stores.woocommerce, toldByPlugin(told));
  expect((await hub.app.request(path, init)).status).toBe(200);
  await hub.settled();
}

/** What everyone holds from orders, by order and distributor, minor units; nothing that stands at zero. */
async function pay(companyId: number): Promise<Record<string, Record<string, number>>> {
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<{ order: string; who: string; amount: number }[]>`
      select o.platform_order_id as order, l.distributor_id as who, sum(l.amount_minor)::float8 as amount
        from ledger l join orders o on o.company_id = ${companyId} and o.order_no = l.source_no
       where l.source_kind = 1 and l.distributor_id is not null group by 1, 2 having sum(l.amount_minor) <> 0`,
  );
  const byOrder = Map.groupBy(rows, (row) => row.order);
  return Object.fromEntries(
    [...byOrder].map(([order, held]) => [order, Object.fromEntries(held.map(({ who, amount }) => [who, amount]))]),
  );
}

/** What the hub answers a shop; the shop is the company's store, under keys of its own. */
async function openShop(company: TestCompany) {
  const { code } = await makeConnectionCode(hub, { companyId: company.companyId, publicUrl: "http://hub.test", actor: "test" });
  const { domain } = company.stores.woocommerce;
  const body = JSON.stringify({ code, platform: "woocommerce", domain, url: `https://${domain}`, versions: {} });
  const headers = { "content-type": "application/json" };
  const connected = await (await hub.app.request("/connect", { method: "POST", headers, body })).json();
  const { token, secret, store, evidenceOrder } = connected as Record<string, string>;
  const asStore = { authorization: `Bearer ${token}` };
  return {
    evidenceOrder,
    company: { ...company, stores: { ...company.stores, woocommerce: { ...company.stores.woocommerce, secret: secret ?? "" } } },
    store,
    ask: async (id: number | string) => {
      const answer = await hub.app.request(`/connect/orders/${id}`, { headers: asStore });
      return [answer.status, await answer.json()];
    },
    test: async () => (await hub.app.request("/connect/test", { method: "POST", headers: asStore })).json(),
  };
}

async function reattribute(companyId: number, storeId: string, platformOrderId: string, reattributeTo: string | null) {
  const work = { storeId, platformOrderId, reads: [], cause: "reattribution" as const, reattributeTo };
  await asCompany(hub.db, companyId, (tx) => processWork(hub.pipeline, tx, { companyId, works: [work] }));
}

test("decisions of shops and buyers end in this ledger, told once or twice, in this order", async () => {
  const company = await newCompany();
  for (const told of SHOP_DECISIONS) await tell(company, told);
  expect(await pay(company.companyId)).toStrictEqual(SHOP_DECISIONS_PAY);
  for (const told of SHOP_DECISIONS) await tell(company, told);
  expect(await pay(company.companyId)).toStrictEqual(SHOP_DECISIONS_PAY);
  expect((await auditLedger(hub.pipeline, company.companyId)).differences).toStrictEqual([]);
});

test("a code that is changed or cleared in the shop moves the order, and the shop is told whom the hub pays", async () => {
  const shop = await openShop(await newCompany());
  const { company, ask } = shop;
  const { companyId } = company;
  await setNames(companyId);
  expect(await ask(71)).toStrictEqual([200, { state: "pending", code: null, displayName: null, reason: null }]);
  expect(await ask("%00")).toStrictEqual([200, { state: "pending", code: null, displayName: null, reason: null }]);
  await tell(company, { id: 71, minute: 1, code: "ANNA77", via: "cookie" });
  expect(await ask(71)).toStrictEqual([200, { state: "credited", code: "ANNA77", displayName: "Anna M.", reason: null }]);
  await tell(company, { id: 71, minute: 2, code: "greg1", via: "admin" });
  expect(await pay(companyId)).toStrictEqual({ "71": { D02: 400, D01: 200 } });
  expect(await ask(71)).toStrictEqual([200, { state: "credited", code: "greg1", displayName: "Greg N.", reason: null }]);
  await tell(company, { id: 71, minute: 3, nobody: "shop" });
  expect(await pay(companyId)).toStrictEqual({});
  expect(await ask(71)).toStrictEqual([200, { state: "nobody", code: null, displayName: null, reason: null }]);
  await tell(company, { id: 72, minute: 1, code: "NOBODY7", via: "cookie" });
  expect(await ask(72)).toStrictEqual([
    200,
    { state: "unresolved", code: null, displayName: null, reason: '"NOBODY7": no distributor has this code.' },
  ]);
  // A code that changes without anybody's decision does not move it.
  await tell(company, { id: 73, minute: 1, code: "ANNA77", via: "cookie" });
  await tell(company, { id: 73, minute: 2, code: "GREG1", via: "cookie" });
  const kept = 'The hub keeps the code that it saw first on the order, "ANNA77".';
  expect(await ask(73)).toStrictEqual([200, { state: "credited", code: "ANNA77", displayName: "Anna M.", reason: kept }]);
  await reattribute(companyId, company.stores.woocommerce.storeId, "73", "D02");
  const decided = "An administrator of the hub decided it.";
  expect(await ask(73)).toStrictEqual([200, { state: "credited", code: "D02", displayName: "Greg N.", reason: decided }]);
  const other = await openShop(await newCompany());
  expect(await other.ask(71)).toStrictEqual([200, { state: "pending", code: null, displayName: null, reason: null }]);
});

async function setNames(companyId: number): Promise<void> {
  await asCompany(hub.db, companyId, async (tx) => {
    await tx`update distributors set name = 'Anna Maria Müller' where distributor_id = 'D03'`;
    await tx`update distributors set name = 'Greg Novak' where distributor_id = 'D02'`;
  });
}

test("the shop is told the company's order of evidence, and a changed order counts from then on", async () => {
  const { company, ask, test: tryConnection, evidenceOrder } = await openShop(await newCompany());
  const everybodys = ["manual", "discount-code", "checkout-field", "cart-attribute", "line-property", "landing-site"];
  expect(evidenceOrder).toStrictEqual(everybodys);
  expect(await tryConnection()).toMatchObject({ evidenceOrder: everybodys });
  await tell(company, { id: 81, minute: 1, code: "ANNA77", via: "checkout-field", coupon: "GREG1" });
  const api = async (method: string, body: object | null, key = company.keys.admin) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const answer = await hub.app.request("/api/company/evidence-order", {
      method,
      headers,
      body: body === null ? null : JSON.stringify(body),
    });
    return [answer.status, (await answer.json()) as { order?: string[]; errors?: { path: string; message: string }[] }] as const;
  };
  expect((await api("PUT", { order: ["landing-site"] }, company.keys.read))[0]).toBe(403);
  const set = await api("PUT", { order: ["checkout-field", "discount-code"] });
  expect(set).toStrictEqual([200, { order: ["manual", "checkout-field", "discount-code"] }]);
  expect(await api("GET", null, company.keys.read)).toStrictEqual(set);
  expect(await tryConnection()).toMatchObject({ evidenceOrder: ["manual", "checkout-field", "discount-code"] });
  await tell(company, { id: 82, minute: 1, code: "ANNA77", via: "checkout-field", coupon: "GREG1" });
  await tell(company, { id: 83, minute: 1, code: "ANNA77", via: "cookie" });
  // 81 keeps the coupon's owner; 82 is the typed code's; a link does not count any more.
  expect(await pay(company.companyId)).toStrictEqual({ "81": { D02: 400, D01: 200 }, "82": { D03: 400, D02: 200, D01: 120 } });
  await tell(company, { id: 81, minute: 2, code: "ANNA77", via: "checkout-field", coupon: "GREG1" });
  expect((await ask(81))[1]).toMatchObject({ state: "credited", code: "GREG1" });
  const wrong = async (...order: string[]) => {
    const [status, { errors }] = await api("PUT", { order });
    return [status, errors?.[0]?.path, errors?.[0]?.message];
  };
  expect(await wrong("coupon")).toStrictEqual([
    422,
    "order.0",
    expect.stringMatching(/"coupon" is no kind of evidence: there are manual, discount-code/),
  ]);
  expect(await wrong("discount-code", "discount-code")).toStrictEqual([422, "order.1", expect.stringMatching(/named twice/)]);
  expect(await wrong("discount-code", "manual")).toStrictEqual([422, "order.1", expect.stringMatching(/manual comes first/)]);
  expect(await wrong("manual")).toStrictEqual([422, "order", expect.stringMatching(/names no evidence/)]);
  // What is told beside an order counts in the hub only: no shop could put it on an order.
  const everything = [...everybodys, "web-pixel", "buyer-claim"];
  expect((await api("PUT", { order: null }))[1]).toStrictEqual({ order: everything });
  const audited = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx`select actor, details from audit_log where act = 'company.evidence' order by audit_no`,
  );
  expect(audited.map(({ actor, details }) => [actor, details.after])).toStrictEqual([
    ["key:admin", ["manual", "checkout-field", "discount-code"]],
    ["key:admin", everything],
  ]);
});

test("what a closed period counted waits for an administrator; an order that came after the close does not", async () => {
  const company: PeriodCompany = await setUpPeriodCompany(hub);
  const { companyId, storeId } = company;
  const credit = (platformOrderId: string) =>
    asCompany(hub.db, companyId, (tx) => creditOf(hub.pipeline, tx, { companyId, storeId, platformOrderId }));
  await sendOrders(hub, company, JUNE);
  const june = await openMonth(hub, company, "2026-06");
  await openMonth(hub, company, "2026-07");
  // 120.50 of B1: A1, the sponsor, has 10 %.
  expect((await pay(companyId)).j5).toStrictEqual({ A1: 1205 });
  await closeMonth(hub, company, june);
  const J5 = { id: "j5", at: "2026-06-20", by: "B1", minor: 120_50 };
  await sendOrders(hub, company, [{ ...J5, changed: "2026-07-02", byShop: "B2" }]);
  expect((await pay(companyId)).j5).toStrictEqual({ A1: 1205 });
  const reason = "It was changed here after the order's period was closed: an administrator of the hub has to decide.";
  expect(await credit("j5")).toStrictEqual({ state: "credited", code: "B1", distributorId: "B1", reason });
  const waiting = await asCompany(hub.db, companyId, (tx) => tx`select platform_order_id as id from orders where unresolved`);
  expect(waiting.map(({ id }) => id)).toStrictEqual(["j5"]);
  // Sent again, and cleared as well: still for a person to decide.
  await sendOrders(hub, company, [{ ...J5, changed: "2026-07-03", byShop: null }]);
  expect(await credit("j5")).toMatchObject({ code: "B1", reason });
  // The administrator follows the shop's first wish: B1 sponsors B2 and has 10 %, A1 5 % of 120.50, half up.
  await reattribute(companyId, storeId, "j5", "B2");
  expect((await pay(companyId)).j5).toStrictEqual({ B1: 1205, A1: 603 });
  await sendOrders(hub, company, [{ ...J5, changed: "2026-07-04", byShop: null }]);
  expect(await credit("j5")).toMatchObject({ code: "B2", reason: "An administrator of the hub decided it." });
  // Placed in June, told after its close: nothing was counted, nothing is held back.
  const late = { id: "late", at: "2026-06-21", by: "B1", minor: 100_00 };
  await sendOrders(hub, company, [late]);
  await sendOrders(hub, company, [{ ...late, changed: "2026-07-05", byShop: "B2" }]);
  expect((await pay(companyId)).late).toStrictEqual({ B1: 1000, A1: 500 });
});
