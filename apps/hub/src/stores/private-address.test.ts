import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { openTestHub } from "../testing/test-hub.ts";
import { giveRestKey } from "./access.ts";

test("a shop's address leads into no private network, and the refusals tell nothing of what is there", async (t) => {
  const hub = await openTestHub({ UPLINE_PRIVATE_STORES: "refuse" });
  t.onTestFinished(() => hub.close());
  let reached = 0;
  const inside = createServer((_, response) => response.end("{}"));
  inside.on("connection", () => {
    reached += 1;
  });
  await new Promise<void>((resolve) => inside.listen(0, "127.0.0.1", resolve));
  t.onTestFinished(() => void inside.close());
  const { port } = inside.address() as AddressInfo;
  const key = { companyId: hub.company.companyId, storeId: hub.company.stores.woocommerce.storeId, actor: "test" };
  const sentences = new Set<string>();
  for (const url of [
    `http://127.0.0.1:${port}`,
    `https://localhost:${port}`,
    `http://2130706433:${port}`,
    `http://[::ffff:127.0.0.1]:${port}`,
    "https://127.0.0.1:1",
    "http://169.254.169.254",
    "https://nowhere.invalid",
  ]) {
    const keys = { consumerKey: `ck_${"0".repeat(40)}`, consumerSecret: `cs_${"0".repeat(40)}` };
    const error = await giveRestKey(hub, { ...key, ...keys, url }).catch((reason) => reason);
    expect([url, error.code]).toStrictEqual([url, "unprocessable"]);
    sentences.add(String(error.message).replace(/tried at \S+/, "tried at <url>"));
  }
  expect([...sentences]).toHaveLength(1);
  expect(reached).toBe(0);
});
