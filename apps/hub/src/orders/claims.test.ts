import { fixture } from "@upline/shopify/fixtures/load";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../program.ts";
import { connectShop } from "../service/connect-shop.ts";
import { createServiceKey } from "../service/keys.ts";
import { makeConnectionCode } from "../stores/code.ts";
import { signedRequest } from "../testing/recorded-lives.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditLedger } from "./audit.ts";

let hub: TestHub;
let sql: postgres.Sql;
let service: string;
let other: TestCompany;
beforeAll(async () => {
  hub = await openTestHub();
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  service = (await createServiceKey(hub, { name: "app", scopes: ["companies"], actor: "test" })).key;
  other = await setUpTestCompany(hub, "other");
  const { code } = await makeConnectionCode(hub, {
    companyId: hub.company.companyId,
    publicUrl: "http://hub.test",
    actor: "test",
  });
  const shop = {
    platform: "shopify",
    domain: DOMAIN(),
    shopId: "61230998744",
    name: "Demo",
    currency: "USD",
    timeZone: "UTC",
  } as const;
  await connectShop(hub, { shop, join: { kind: "code", code }, actor: "service:test" });
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

const DOMAIN = () => hub.company.stores.shopify.domain;

async function ask(path: string, { body, key = hub.company.keys.admin }: { body?: unknown; key?: string } = {}) {
  const answer = await hub.app.request(path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: whatever came, for tests to look into
  return { status: answer.status, json: (await answer.json()) as any };
}

/** 80.00 of goods without any code, of which a tenth went back: 72.00 are commissionable. */
async function order(id: string): Promise<string> {
  const body = fixture("order-amount-only-refund").body.replaceAll("6811000009", id);
  const { path, init } = signedRequest(hub.company.stores.shopify, { platform: "shopify", topic: "orders/updated", body });
  expect((await hub.app.request(path, init)).status).toBe(200);
  await hub.settled();
  const [row] = await sql`select order_no::text as no from orders where platform_order_id = ${id}`;
  return String(row?.no);
}
const tell = (told: object) =>
  ask(`/api/service/shops/${DOMAIN()}/evidence`, { key: service, body: { at: "2026-11-07T00:00:00Z", ...told } });
const earned = async (orderNo: string) => {
  const rows = await sql`
    select distributor_id as who, sum(amount_minor)::text as minor from ledger where order_id = ${orderNo} and distributor_id is not null
     group by 1 having sum(amount_minor) <> 0 order by 1`;
  return rows.map(({ who, minor }) => `${who} ${minor}`);
};
const claimOf = async (id: string) => {
  const { json } = await ask("/api/claims?status=open");
  return (json.items as { claim_id: string; platform_order_id: string | null }[]).find((one) => one.platform_order_id === id);
};

test("a pixel and a claim are shown with the order and pay nobody; a claim that is accepted pays as the order's own code would", async () => {
  const orderNo = await order("6811000901");
  expect((await tell({ kind: "pixel", order_id: "6811000901", code: "maya21" })).status).toBe(202);
  expect((await tell({ kind: "claim", order_id: "6811000901", code: "MAYA21" })).status).toBe(202);
  const before = (await ask(`/api/orders/${orderNo}`)).json;
  expect(before.attribution.distributor_id).toBeNull();
  const shown = (attribution: { candidates: Record<"source" | "distributor_id" | "outcome" | "why", string>[] }) =>
    attribution.candidates.map((one) => `${one.source} ${one.distributor_id} ${one.outcome}: ${one.why}`);
  expect(shown(before.attribution)).toStrictEqual([
    "web-pixel D03 not-alone: came beside the order, and never decides by itself",
    "buyer-claim D03 not-alone: waits for a person to accept or refuse it",
  ]);
  expect(await earned(orderNo)).toStrictEqual([]);
  const claim = await claimOf("6811000901");
  const decision = `/api/claims/${claim?.claim_id}/decision`;
  const accept = { accept: true, reason: "The buyer showed the card" };
  for (const [key, status] of [
    [hub.company.keys.read, 403],
    [other.keys.admin, 404],
  ] as const)
    expect((await ask(decision, { key, body: accept })).status).toBe(status);
  expect((await ask(decision, { body: { ...accept, reason: "x" } })).status).toBe(400);
  const decided = await ask(decision, { body: accept });
  expect([decided.status, decided.json.status, decided.json.decided_by]).toStrictEqual([200, "accepted", "key:admin"]);
  // D03 is silver: 10 % of 72.00; above D02 (gold) 5 %, D01 (gold) 3 %.
  expect(await earned(orderNo)).toStrictEqual(["D01 216", "D02 360", "D03 720"]);
  const after = (await ask(`/api/orders/${orderNo}`)).json;
  expect(after.attribution.distributor_id).toBe("D03");
  expect(shown(after.attribution).slice(-2)).toStrictEqual([
    "web-pixel D03 not-alone: came beside the order, and says the same",
    "buyer-claim D03 not-alone: somebody accepted it: the decision by hand",
  ]);
  expect((await ask(decision, { body: { ...accept, accept: false } })).status).toBe(409);
  const acts =
    await sql`select act from audit_log where company_id = ${hub.company.companyId} and act in ('order.attribute', 'claim.accept') order by 1`;
  expect(acts.map(({ act }) => act)).toStrictEqual(["claim.accept", "order.attribute"]);
  const audit = await auditLedger(hub.pipeline, hub.company.companyId);
  expect([audit.balanced, audit.differences]).toStrictEqual([true, []]);
});

test("two people who decide one claim at once decide it once", async () => {
  const orderNo = await order("6811000902");
  await tell({ kind: "claim", order_id: "6811000902", code: "BOB7" });
  const claim = await claimOf("6811000902");
  const answers = await Promise.all(
    [true, true, false].map((accept) =>
      ask(`/api/claims/${claim?.claim_id}/decision`, { body: { accept, reason: "as it was told" } }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toStrictEqual([200, 409, 409]);
  const owner = (await ask(`/api/orders/${orderNo}`)).json.attribution.distributor_id;
  const taken = answers.find(({ status }) => status === 200)?.json.status;
  expect(owner).toBe(taken === "accepted" ? "D09" : null);
});

test("a claim that leads to nobody, to somebody who may not have it, or to no order is not accepted; it can be refused", async () => {
  const orderNo = await order("6811000903");
  const cases = [
    ["6811000903", "NOBODY", /belongs to no distributor/],
    ["6811000903", "HANA8", /may not receive orders/],
    ["6811000999", "MAYA21", /is not here/],
  ] as const;
  for (const [id, code, sentence] of cases) {
    await tell({ kind: "claim", order_id: id, code });
    const claim = await claimOf(id);
    const tried = await ask(`/api/claims/${claim?.claim_id}/decision`, { body: { accept: true, reason: "try it" } });
    expect([tried.status, tried.json.detail]).toStrictEqual([422, expect.stringMatching(sentence)]);
    const refused = await ask(`/api/claims/${claim?.claim_id}/decision`, { body: { accept: false, reason: "no such thing" } });
    expect([refused.status, refused.json.status]).toStrictEqual([200, "refused"]);
  }
  expect(await earned(orderNo)).toStrictEqual([]);
});

test("a company whose order of evidence leaves claims out is not shown them, and shops are told of neither", async () => {
  const orderNo = await order("6811000904");
  await tell({ kind: "claim", order_id: "6811000904", code: "MAYA21" });
  const set = (body: unknown) =>
    hub.app.request("/api/company/evidence-order", {
      method: "PUT",
      headers: { authorization: `Bearer ${hub.company.keys.admin}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  expect((await set({ order: ["discount-code", "cart-attribute"] })).status).toBe(200);
  expect((await ask(`/api/orders/${orderNo}`)).json.attribution.candidates).toStrictEqual([]);
  expect((await set({ order: null })).status).toBe(200);
  expect((await ask(`/api/orders/${orderNo}`)).json.attribution.candidates).toHaveLength(1);
});

test("at a terminal claims are listed, accepted and refused", async () => {
  const orderNo = await order("6811000905");
  await tell({ kind: "claim", order_id: "6811000905", code: "ANNA77" });
  const claim = await claimOf("6811000905");
  const run = async (...args: string[]) => {
    let text = "";
    const env = { DATABASE_URL: hub.db.url, UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64") };
    const out = (piece: string) => {
      text += piece;
    };
    const code = await runCli([...args, "--company", "acme"], { env, out, err: out, isTerminal: false });
    return { code, text };
  };
  expect((await run("claim", "list", "--json")).text).toContain('"code": "ANNA77"');
  expect(await run("claim", "accept", claim?.claim_id ?? "", "--reason", "told by phone")).toMatchObject({ code: 0 });
  expect(await earned(orderNo)).toStrictEqual(["D01 216", "D02 360", "D03 720"]);
  expect((await run("claim", "refuse", claim?.claim_id ?? "", "--reason", "too late")).code).toBe(1);
});
