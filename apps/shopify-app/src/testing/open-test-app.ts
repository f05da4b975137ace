import { createHmac, randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { readEnv } from "../env.ts";
import { type AppParts, openParts } from "../parts.ts";
import { createServer } from "../server.ts";

export const API_SECRET = "shpss_of-the-tests";
export const HUBS_KEY = "what-the-hub-shows-in-tests";

/** What is set for every test; the addresses of Shopify and of the hub are the test's. */
export function testSettings(databaseUrl: string): Record<string, string> {
  return {
    SHOPIFY_API_KEY: "client-of-the-tests",
    SHOPIFY_API_SECRET: API_SECRET,
    SHOPIFY_APP_URL: "https://app.example.com",
    DATABASE_URL: databaseUrl,
    UPLINE_HUB_URL: "http://127.0.0.1:9",
    UPLINE_SERVICE_KEY: "ups_of-the-tests",
    UPLINE_SHOPIFY_APP_KEY: HUBS_KEY,
    UPLINE_APP_SECRET_KEY: Buffer.alloc(32, 7).toString("base64"),
    UPLINE_LOG_LEVEL: "silent",
    NODE_ENV: "test",
  };
}

export async function makeDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `app_${randomBytes(6).toString("hex")}`;
  const admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

export interface TestApp extends AppParts {
  readonly server: ReturnType<typeof createServer>;
  readonly databaseUrl: string;
}

/**
 * The app without its pages, on a database of its own. It passes nothing on by itself where the test does that:
 * two that pass on at once leave each other's rows alone, so either may find nothing.
 */
export async function openTestApp(
  settings: Readonly<Record<string, string>> = {},
  options: { readonly passesOn?: boolean } = {},
): Promise<TestApp> {
  const database = await makeDatabase();
  const parts = await openParts(readEnv({ ...testSettings(database.url), ...settings }), options);
  const close = async () => {
    await parts.close();
    await database.drop();
  };
  return { ...parts, server: createServer(parts, null), databaseUrl: database.url, close };
}

export interface SignedBody {
  readonly topic: string;
  readonly shop: string;
  readonly body: unknown;
  readonly webhookId?: string;
  readonly triggeredAt?: Date;
  readonly secret?: string;
}

/** A delivery as Shopify sends it: the signature covers the raw body and nothing of the headers. */
export function signed({ topic, shop, body, webhookId, triggeredAt, secret = API_SECRET }: SignedBody): RequestInit {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    method: "POST",
    body: text,
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": shop,
      "x-shopify-webhook-id": webhookId ?? crypto.randomUUID(),
      "x-shopify-triggered-at": (triggeredAt ?? new Date()).toISOString(),
      "x-shopify-hmac-sha256": createHmac("sha256", secret).update(text).digest("base64"),
    },
  };
}
