import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mayHaveCommitted, watchCommits } from "../db/commits.ts";
import { asCompany } from "../db/connect.ts";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";
import { followImport } from "./import-progress.ts";

/** How far an import is, as a page sees it that was loaded anew meanwhile. */

let hub: TestHub;
let rival: TestCompany;
beforeAll(async () => {
  hub = await openTestHub();
  rival = await setUpTestCompany(hub, "rival");
  await addSeedNetwork(hub);
});
afterAll(() => hub.close());

const progress = async (kind: string, key = hub.company.keys.admin) =>
  (await call(hub, `/api/imports/${kind}`, { key })).body.import;
const parts = () => ({ db: hub.db, moved: () => {} });
const begun = () => ({
  ...{ companyId: hub.company.companyId, actor: "ann", kind: "people" as const, fileName: "people.csv", total: 10 },
});

test("an import is told of while it works, and its answer when it is done; of another company nothing", async () => {
  expect(await progress("people")).toBe(null);
  const [gate, wrote] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const done = followImport(parts(), begun(), async (tell) => {
    await wrote.promise;
    tell.written({ done: 4, total: 9 });
    await gate.promise;
    return { enrolled: 9 };
  });
  await until("it is begun", async () => (await progress("people")) !== null);
  expect(await progress("people")).toMatchObject({
    file: "people.csv",
    actor: "ann",
    stage: "reading",
    done: 0,
    total: 10,
    told: null,
  });
  wrote.resolve();
  await until("it is told how far it is", async () => (await progress("people")).stage === "writing");
  expect(await progress("people")).toMatchObject({ done: 4, total: 9, told: null, problem: null });
  expect(await progress("people", rival.keys.admin)).toBe(null);
  expect(await progress("sku-map")).toBe(null);
  gate.resolve();
  expect(await done).toStrictEqual({ enrolled: 9 });
  expect(await progress("people")).toMatchObject({ stage: "done", done: 4, told: { enrolled: 9 } });
});

test("one that fails says why, and one that began later is the one that is told of", async () => {
  const gate = Promise.withResolvers<void>();
  const earlier = followImport(parts(), begun(), async () => {
    await gate.promise;
    return { enrolled: 1 };
  });
  await until("the first began", async () => (await progress("people")).stage === "reading");
  const failing = followImport(parts(), { ...begun(), fileName: "later.csv" }, () => Promise.reject(new Error("secret detail")));
  await expect(failing).rejects.toThrow("secret detail");
  const failed = { file: "later.csv", stage: "failed", problem: "The hub failed over it. Nothing was imported." };
  expect(await progress("people")).toMatchObject(failed);
  gate.resolve();
  await earlier;
  expect(await progress("people")).toMatchObject(failed);
});

test("what is written down of an import is not taken for the import: whoever is told whether anything was changed hears of that alone", async () => {
  const problemOf = (work: () => Promise<unknown>) =>
    watchCommits(async () => {
      const failing = followImport(parts(), begun(), async () => {
        await work();
        throw new Error("secret detail");
      });
      await expect(failing).rejects.toThrow("secret detail");
      return [mayHaveCommitted(), (await progress("people")).problem];
    });
  expect(await problemOf(async () => {})).toStrictEqual([false, "The hub failed over it. Nothing was imported."]);
  // A commit whose answer is lost may be done.
  const committed = () => asCompany(hub.db, hub.company.companyId, async () => {});
  expect(await problemOf(committed)).toStrictEqual([true, expect.stringContaining("All of it may be imported, or nothing")]);
});

test("an import that is done is done, also where that cannot be written down", async () => {
  let isOver = false;
  const moved = () => {
    if (isOver) throw new Error("away");
  };
  const done = followImport({ db: hub.db, moved }, begun(), async () => {
    isOver = true;
    return { enrolled: 1 };
  });
  expect(await done).toStrictEqual({ enrolled: 1 });
});

test("whoever was at it and is not heard any more is gone", async () => {
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  await owner`update import_progress set stage = 'writing', heard_at = now() - interval '31 seconds'`;
  expect((await progress("people")).stage).toBe("gone");
  await owner`update import_progress set heard_at = now()`;
  expect((await progress("people")).stage).toBe("writing");
  await owner.end();
});

test("files that are brought in over the API leave what came of them, also what was wrong", async () => {
  const people = (csv: string) => call(hub, "/api/distributors/import", { body: { csv, name: "new.csv" } });
  const wrong = await people("distributor_id,sponsor_id\nN1,nobody\n");
  expect(wrong.status).toBe(422);
  expect(await progress("people")).toMatchObject({ file: "new.csv", stage: "failed", problem: wrong.body.detail });
  const right = await people("distributor_id,sponsor_id\nN1,9012\nN2,N1\n");
  expect(right.status, right.text).toBe(200);
  expect(await progress("people")).toMatchObject({ stage: "done", done: 2, total: 2, told: right.body });
  // An order waits for the product that the file maps.
  const order = {
    ...JSON.parse(TRANSFORM),
    platform_order_id: "waits",
    items: [{ platform_sku: "LATER", qty: 1, unit_price: 5 }],
  };
  expect((await sendOrder(hub, { ...order, total: null })).status).toBe(201);
  const csv = "sku_id,platform,platform_sku,name,commission_class,pv,qv,cv\nL,shopify,LATER,Later,products,100%,100%,100%\n";
  const mapped = await call(hub, "/api/sku-map/import", { body: { csv } });
  expect([mapped.status, mapped.body.released_orders], mapped.text).toStrictEqual([200, 1]);
  expect(await progress("sku-map")).toMatchObject({ file: null, stage: "done", done: 1, total: 1, told: mapped.body });
});
