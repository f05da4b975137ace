import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { adminSchema } from "@upline/shopify/fixtures/admin-schema";
import { orderPayload } from "@upline/shopify/payloads";
import { expect, test } from "vitest";
import { readAppConfig, readExtensionConfig } from "./app-config.ts";
import { webhookTopics } from "./webhook-topics.ts";

const app = dirname(import.meta.dirname);
const isTopic = webhookTopics(adminSchema());
const text = readFileSync(join(app, "shopify.app.toml"), "utf8");
const extensions = globSync("extensions/*/shopify.extension.toml", { cwd: app });

test("shopify.app.toml has only keys, topics and scopes that Shopify knows", () => {
  expect(readAppConfig(text, isTopic).webhooks.subscriptions.length).toBeGreaterThan(0);
});

for (const [what, wrong, complaint] of [
  ["an unknown key", text.replace("embedded = true", "embedded = true\nembeded = true"), /Unrecognized key: \\?"embeded/],
  ["an unknown key of a subscription", text.replace("include_fields", "included_fields"), /included_fields/],
  ["an unknown topic", text.replace('"orders/paid"', '"orders/payed"'), /is no topic of WebhookSubscriptionTopic/],
  ["a topic in capitals", text.replace('"orders/paid"', '"ORDERS_PAID"'), /is no topic of WebhookSubscriptionTopic/],
  ["an unknown compliance topic", text.replace('"shop/redact"', '"shops/redact"'), /webhooks/],
  ["a missing compliance topic", text.replace(', "shop/redact"', ""), /shop\/redact is missing/],
  ["a topic twice", text.replace('"orders/paid"', '"orders/paid", "shop/update"'), /shop\/update is subscribed to twice/],
  ["a wider scope", text.replace("read_orders,", "read_orders,read_customers,"), /scopes|Invalid option/],
  ["a personal field", text.replace('"customer.id"', '"customer.email"'), /is personal/],
  ["another version", text.replace('"2026-10"', '"2026-07"'), /api_version/],
  ["a plain address", text.replace("https://hub", "http://hub"), /uri/],
] as const) {
  test(`shopify.app.toml with ${what} does not pass`, () => {
    expect(wrong).not.toBe(text);
    expect(() => readAppConfig(wrong, isTopic)).toThrow(complaint);
  });
}

test("an order's delivery brings every field that the hub reads, and the one that tells its shop", () => {
  const orders = readAppConfig(text, isTopic).webhooks.subscriptions.find(
    (entry) => "topics" in entry && entry.topics.includes("orders/create"),
  );
  const sent = orders && "include_fields" in orders ? (orders.include_fields ?? []) : [];
  const roots = new Set(sent.map((field) => field.split(".")[0]));
  const personal = ["email", "contact_email", "phone"];
  const read = [...Object.keys(orderPayload.shape), "order_status_url"].filter((field) => !personal.includes(field));
  expect(read.filter((field) => !roots.has(field))).toStrictEqual([]);
});

test("the configuration of each extension has only keys that Shopify knows", () => {
  expect(extensions).toHaveLength(3);
  for (const path of extensions) {
    const config = readFileSync(join(app, path), "utf8");
    readExtensionConfig(config);
    expect(() => readExtensionConfig(`nmae = "x"\n${config}`), path).toThrow(/nmae/);
    expect(() => readExtensionConfig(config.replace(/^name = .*$/m, "")), path).toThrow(/name/);
  }
});

test("every module that an extension names is there", () => {
  for (const path of extensions) {
    const config = readExtensionConfig(readFileSync(join(app, path), "utf8"));
    const modules = "extensions" in config ? config.extensions.flatMap(({ targeting }) => targeting) : [];
    for (const { module } of modules) expect(globSync(module, { cwd: join(app, dirname(path)) }), module).toHaveLength(1);
  }
});
