import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnv } from "../env.ts";
import { type Hub, openHub } from "../hub.ts";
import { createKey } from "../keys/create.ts";
import { auditLedger } from "../orders/audit.ts";
import { type OwnServer, startOwnServer } from "../testing/own-server.ts";
import { closeLedger, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { testSettings } from "../testing/test-parts.ts";
import { until } from "../testing/until.ts";

/** The database is away as a whole while deliveries come, periods are closed one after the other, and somebody acts in the console. */

const OUTAGES = 3;
const OUTAGE_MS = 2_000;
const MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"];

let server: OwnServer;
let hub: Hub;
let company: TestCompany;
beforeAll(async () => {
  server = await startOwnServer();
  hub = await openHub(readEnv(testSettings(server.url)), server.url);
  company = await setUpTestCompany(hub);
});
afterAll(async () => {
  await hub.close();
  await server.remove();
});

interface Told {
  readonly status: number;
  readonly detail: string;
}

async function post(path: string, key: string, body?: object): Promise<Told> {
  const headers = { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) };
  const answer = await hub.app.request(`/api${path}`, { method: "POST", headers, ...(body && { body: JSON.stringify(body) }) });
  const { detail = "" } = (await answer.json()) as { detail?: string };
  return { status: answer.status, detail };
}

/** What somebody is told that is no answer to what they asked: that the database is away, and what that left. */
const AWAY =
  /^The database cannot be reached at the moment\. (Nothing was changed\.|What was asked for may be done all the same)/;

/** Does a step as a person does: again, until it is done, or was done though nobody said so. */
async function insist(step: () => Promise<Told>): Promise<void> {
  await until("a step of a close is done", async () => {
    const { status, detail } = await step();
    if (status < 300 || status === 409) return true;
    expect([status, detail]).toStrictEqual([503, expect.stringMatching(AWAY)]);
    return false;
  });
}

const SALES = MONTHS.flatMap((month, at) => [
  { id: `a${at}`, at: `${month}-03`, by: "A5", minor: 333_33 + at },
  { id: `b${at}`, at: `${month}-04`, by: "A3", minor: 200_00 },
  { id: `c${at}`, at: `${month}-10`, by: "A1", minor: 700_00 },
]);

async function desk(): Promise<{ company: PeriodCompany; closeAll: () => Promise<void> }> {
  const own = await setUpPeriodCompany(hub);
  await sendOrders(hub, own, SALES);
  const { companyId } = own;
  const [ann, bob] = await Promise.all(
    ["ann", "bob"].map((owner) => createKey(hub, { companyId, name: owner, scopes: ["admin"], owner, actor: "test" })),
  );
  const closeAll = async () => {
    for (const [index, month] of MONTHS.entries()) {
      await insist(() => post("/periods", ann?.key ?? "", { month, currency: "USD" }));
      await insist(() => post(`/periods/${index + 1}/close`, ann?.key ?? ""));
      await insist(() => post(`/periods/${index + 1}/commit`, bob?.key ?? ""));
    }
  };
  return { company: own, closeAll };
}

const [PAID] = recordedLives().filter((life) => life.platform === "shopify" && life.body.includes("9007199254740993118"));
if (!PAID) throw new Error("the fixture is missing");
const life = PAID;

test("nothing is lost or done twice, whoever is told that nothing was changed can rely on it, and all goes on by itself", async () => {
  const [peace, war] = [await desk(), await desk()];
  await peace.closeAll();
  const right = await closeLedger(hub, peace.company);
  expect(Object.keys(right).length).toBeGreaterThan(0);

  let acting = true;
  let order = 7_400_000_000_000;
  let acknowledged = 0;
  const deliver = async () => {
    while (acting) {
      const body = life.body.replaceAll("9007199254740993118", String(order++));
      const { path, init } = signedRequest(company.stores.shopify, { ...life, body });
      if ((await hub.app.request(path, init)).status === 200) acknowledged++;
      await wait(10);
    }
  };
  let number = 0;
  const acts = new Map<string, Told>();
  const act = async () => {
    while (acting) {
      const sku = `ACT-${number++}`;
      const row = { sku_id: sku, platform: "shopify", platform_sku: sku, name: sku, commission_class: "products", pv: "1" };
      acts.set(sku, await post("/sku-map/rows", company.keys.admin, { rows: [row] }));
      await wait(10);
    }
  };
  const running = [deliver(), deliver(), act(), act(), war.closeAll()];
  for (let outage = 0; outage < OUTAGES; outage++) {
    const before = acknowledged;
    await until("deliveries are taken", () => acknowledged > before + 5);
    await server.stop();
    await wait(OUTAGE_MS);
    await server.start();
  }
  await running[4];
  const before = [acknowledged, acts.size];
  await until("all goes on", () => acknowledged > (before[0] ?? 0) + 5 && acts.size > (before[1] ?? 0) + 5);
  acting = false;
  await Promise.all(running);

  expect(await closeLedger(hub, war.company)).toStrictEqual(right);
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    const mapped = new Map(
      (await sql`select sku_id, count(*)::int as n from sku_map where sku_id like 'ACT-%' group by 1`).map((r) => [
        r.sku_id,
        r.n,
      ]),
    );
    const refused = [...acts.values()].filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const [sku, { status, detail }] of acts) {
      if (status === 200) expect([sku, mapped.get(sku)]).toStrictEqual([sku, 1]);
      else {
        expect([status, detail]).toStrictEqual([503, expect.stringMatching(AWAY)]);
        if (detail.includes("Nothing was changed")) expect([sku, mapped.get(sku)]).toStrictEqual([sku, undefined]);
      }
    }
    await until("every delivery has its outcome", async () => {
      const [left] = await sql`select (select count(*) from inbox)::int - (select count(*) from inbox_outcomes)::int as n`;
      return left?.n === 0;
    });
    const [orders] = await sql`select count(*)::int as n from orders where company_id = ${company.companyId}`;
    expect(orders?.n).toBeGreaterThanOrEqual(acknowledged);
    const [twice] = await sql`
      select count(*)::int as n from (select 1 from close_runs where kind = 'committed' group by company_id, period_no having count(*) > 1) t`;
    expect(twice?.n).toBe(0);
  } finally {
    await sql.end();
  }
  for (const { companyId } of [company, war.company]) {
    const { balanced, differences } = await auditLedger(hub.pipeline, companyId);
    expect([balanced, differences]).toStrictEqual([true, []]);
  }
}, 600_000);
