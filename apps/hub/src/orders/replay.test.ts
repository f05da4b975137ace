import { recordedDelivery } from "@upline/woocommerce/fixtures";
import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { listDeliveries } from "../inbox/delivery-queries.ts";
import { insertDeliveries } from "../inbox/insert.ts";
import { insertOutcomes } from "../inbox/queries.ts";
import { findDue } from "../inbox/waiting.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestParts, type TestParts } from "../testing/test-parts.ts";
import { replayDead, replayDeliveries } from "./replay.ts";

let hub: TestParts;
let company: TestCompany;
let other: TestCompany;
let owner: postgres.Sql;

beforeAll(async () => {
  hub = await openTestParts();
  company = await setUpTestCompany(hub);
  other = await setUpTestCompany(hub, "other");
  owner = postgres(hub.db.url, { max: 1, types: { bigint: postgres.BigInt } });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

async function receive(body: string, of: TestCompany = company): Promise<bigint> {
  const delivery = {
    companyId: of.companyId,
    storeId: of.stores.woocommerce.storeId,
    topic: "order.updated",
    platformDeliveryId: null,
    encoding: "utf8",
    body,
  } as const;
  const [stored] = await insertDeliveries(hub, [delivery]);
  return stored?.deliveryId as bigint;
}

function bury(deliveryId: bigint, of: TestCompany = company): Promise<void> {
  return asCompany(hub.db, of.companyId, async (tx) => {
    await insertOutcomes(tx, of.companyId, [{ deliveryId, outcome: "dead", orderNo: null, detail: "broken then" }]);
  });
}

const listed = (outcome?: "dead" | "applied" | "waiting", of: TestCompany = company) =>
  asCompany(hub.db, of.companyId, async (tx) =>
    (await listDeliveries(tx, { companyId: of.companyId, outcome, limit: 100 })).map((one) => one.deliveryId),
  );

test("a dead letter whose cause is mended becomes an order with its commissions, once", async () => {
  const deliveryId = await receive(recordedDelivery(15).rawBody);
  await bury(deliveryId);
  expect(await listed("dead")).toStrictEqual([deliveryId]);
  const args = { companyId: company.companyId, deliveryIds: [deliveryId], actor: "test" };
  const [first] = await replayDeliveries(hub, args);
  expect(first?.outcome).toBe("applied");
  assert.ok(first?.orderNo);
  const transfers = () =>
    owner`select kind, distributor_no, amount from transfers where company_id = ${company.companyId} order by revision, seq`;
  const posted = await transfers();
  // By line, 89.82 and 26.96 net, for ANNA77 (D03, silver): 10 % to her, 5 % to D02, 3 % to D01.
  expect(posted.map((row) => [row.distributor_no, row.amount])).toStrictEqual([
    [3, 898n],
    [2, 449n],
    [1, 269n],
    [3, 270n],
    [2, 135n],
    [1, 81n],
  ]);
  await replayDeliveries(hub, args);
  expect(await transfers()).toStrictEqual(posted);
  const audits =
    await owner`select actor, subject from audit_log where company_id = ${company.companyId} and act = 'delivery.replay'`;
  expect(audits.map((row) => [row.actor, row.subject])).toStrictEqual([
    ["test", String(deliveryId)],
    ["test", String(deliveryId)],
  ]);
});

test("all dead letters at once: the mended ones go through, the broken ones are dead again", async () => {
  const good = await receive(recordedDelivery(18).rawBody);
  const broken = await receive("{");
  for (const deliveryId of [good, broken]) await bury(deliveryId);
  const steps: number[] = [];
  const results = await replayDead(hub, { companyId: company.companyId, actor: "test", onProgress: (done) => steps.push(done) });
  expect(results.map((one) => [one.deliveryId, one.outcome])).toStrictEqual([
    [good, "applied"],
    [broken, "dead"],
  ]);
  expect(await listed("dead")).toStrictEqual([broken]);
  expect(steps).toStrictEqual([2]);
});

test("another company's deliveries cannot be listed or replayed, and an unknown one undoes all", async () => {
  const theirs = await receive("{", other);
  await bury(theirs, other);
  const mine = await receive("{");
  await bury(mine);
  assert.ok(!(await listed()).includes(theirs));
  const replaying = replayDeliveries(hub, { companyId: company.companyId, deliveryIds: [mine, theirs], actor: "test" });
  await expect(replaying).rejects.toThrow(expect.objectContaining({ code: "not-found" }));
  expect(await listed("dead", other)).toStrictEqual([theirs]);
  assert.ok((await listed("dead")).includes(mine));
});

test("a replay that fails is left to the sweeper, although it lies below its starting point", async () => {
  const deliveryId = await receive(recordedDelivery(20).rawBody);
  await bury(deliveryId);
  await owner`update inbox_floor set delivery_id = ${String(deliveryId + 100n)}::bigint`;
  const broken = {
    ...hub,
    pipeline: { ...hub.pipeline, directories: { current: () => Promise.reject(new Error("broken")) } as never },
  };
  const [result] = await replayDeliveries(broken, { companyId: company.companyId, deliveryIds: [deliveryId], actor: "test" });
  expect(result?.outcome).toBe("waiting");
  expect(await listed("waiting")).toStrictEqual([deliveryId]);
  const due = await findDue(hub.db.gate, { companyIds: [company.companyId], limit: 10 });
  assert.ok(due.some((waiting) => waiting.deliveryId === deliveryId));
});
