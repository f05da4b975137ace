import { recordedDelivery, recordedRest } from "@upline/woocommerce/fixtures";
import { type FakeStore, KEY, SECRET, startStore } from "@upline/woocommerce/fixtures/store";
import type { TestContext } from "vitest";
import { openLog } from "../log.ts";
import { giveRestKey } from "../stores/access.ts";
import type { JobParts } from "../sync/feed.ts";
import type { TestHub } from "./test-hub.ts";

type Row = Record<string, unknown> & { id: number };

export const recordedRow = (name: string): Row => structuredClone(recordedRest(name)) as Row;

/** The recorded store over real HTTP: order 29 with two refunds, 30 on hold, 31 in the trash, 35 refunded by status, 79 a draft. */
export async function startRecordedStore(t: TestContext): Promise<FakeStore> {
  const store = await startStore();
  t.onTestFinished(() => store.close());
  const draft = JSON.parse(recordedDelivery(194).rawBody) as Row;
  const names = ["order-after-partial-refunds", "order-B-classic-attribution", "order-get-trashed", "order-G-variation"];
  store.orders.push(...names.map(recordedRow), draft);
  store.refunds.set("29", recordedRest("refunds-list-partial") as Row[]);
  store.refunds.set("35", recordedRest("refunds-of-status-refunded") as Row[]);
  store.settings.push({ id: "woocommerce_currency", value: "EUR" }, { id: "woocommerce_price_num_decimals", value: "2" });
  return store;
}

/** Lets a hub read a fake store, as `store rest` does. */
export async function letRead(hub: TestHub, fake: FakeStore, key: { companyId: number; storeId: string }): Promise<JobParts> {
  await giveRestKey(hub, { ...key, url: fake.url, consumerKey: KEY, consumerSecret: SECRET, actor: "test" });
  return jobPartsOf(hub);
}

export function jobPartsOf(hub: TestHub): JobParts {
  return { db: hub.db, box: hub.box, env: hub.env, log: openLog("silent"), handOff: hub.worker };
}
