import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { readCatalogue } from "../sync/catalogue.ts";
import { importStore } from "../sync/import.ts";
import { reconcileStore } from "../sync/reconcile.ts";
import { jobPartsOf } from "../testing/fake-woo-store.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { giveRestKey } from "./access.ts";
import { saveRestKey } from "./connection-queries.ts";

/** A store that answers anything but what it should: always a sentence, never a crash. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const keys = { consumerKey: `ck_${"0".repeat(40)}`, consumerSecret: `cs_${"0".repeat(40)}` };
const NONSENSE = [
  ...["null", "[]", "{}", "[null]", '"text"', "17", "[[]]", '[{"id":null}]', '[{"id":{}}]', "[1,2,3]"],
  '[{"id":"woocommerce_currency","value":{}}]',
  '[{"id":"woocommerce_currency","value":"euro"},{"id":"woocommerce_price_num_decimals","value":"two"}]',
  '[{"id":5,"date_modified_gmt":7,"status":[],"refunds":"x","line_items":null,"meta_data":3}]',
  '[{"id":"5\\u0000","status":"processing","date_modified_gmt":"9999-99-99T99:99:99"}]',
];

test("a store that answers nonsense is refused or reported in a sentence", async (t) => {
  let answer = "";
  const store = createServer((_, response) => response.writeHead(200, { "content-type": "application/json" }).end(answer));
  await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
  t.onTestFinished(() => void store.close());
  t.onTestFinished(() => store.closeAllConnections());
  const url = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
  const key = { companyId: hub.company.companyId, storeId: hub.company.stores.woocommerce.storeId };
  const parts = jobPartsOf(hub);
  for (answer of NONSENSE) {
    const refusal = await giveRestKey(hub, { ...key, ...keys, url, actor: "test" }).catch((error) => error);
    expect([answer, refusal.name, refusal.code]).toStrictEqual([answer, "HubError", "unprocessable"]);
  }
  const sealedKey = hub.box.seal(JSON.stringify(keys));
  await asCompany(hub.db, key.companyId, (tx) => saveRestKey(tx, { ...key, url, sealedKey }));
  for (answer of NONSENSE) {
    const run = await reconcileStore(parts, key);
    expect(run?.error ?? "", answer).not.toMatch(/unexpectedly|TypeError|undefined/);
    for (const work of [() => importStore(parts, key), () => readCatalogue(parts, key)]) {
      const error = await work().then(
        () => null,
        (reason) => reason,
      );
      expect([answer, error?.name ?? "HubError"]).toStrictEqual([answer, expect.stringMatching(/^(HubError|StoreError)$/)]);
    }
  }
});
