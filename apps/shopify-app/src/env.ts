import { fieldSentence } from "@upline/core";
import { z } from "zod";

/** The only place that reads `process.env`. An unset secret stops the start with a sentence that says what to set. */

const said = (sentence: string) => z.string(sentence).min(1, sentence);

const schema = z.object({
  SHOPIFY_API_KEY: said("set it to the client id of the app, from Shopify's developer dashboard"),
  SHOPIFY_API_SECRET: said("set it to the client secret of the app, from Shopify's developer dashboard"),
  /** While the secret is rotated Shopify signs with the old one for a time. */
  SHOPIFY_API_PREVIOUS_SECRET: z.string().optional(),
  SHOPIFY_APP_URL: z.url("set it to the https address at which Shopify reaches this app"),
  SHOPIFY_APP_HANDLE: z.string().default("upline"),
  DATABASE_URL: z.url("set it to a PostgreSQL from version 15; the app keeps to its own schema, shopify_app"),
  UPLINE_HUB_URL: z.url("set it to the address of the hub, without /api"),
  UPLINE_SERVICE_KEY: z
    .string("make one with `pnpm upline service-key create`")
    .startsWith("ups_", "begins with ups_: make one with `pnpm upline service-key create`"),
  UPLINE_SHOPIFY_APP_KEY: z
    .string("set it to a long random text, the same as the hub's UPLINE_SHOPIFY_APP_KEY")
    .min(16, "has at least 16 characters; it is the same as the hub's UPLINE_SHOPIFY_APP_KEY"),
  UPLINE_APP_SECRET_KEY: z.string("set it to 32 bytes in base64: make them with `openssl rand -base64 32`"),
  UPLINE_PLAN_GATE: z.enum(["none", "app-pricing"]).default("none"),
  UPLINE_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  /** Calls of the Admin API go there: for development and tests. */
  SHOPIFY_STANDIN_URL: z.url().optional(),
  /** Another App Bridge script than Shopify's: for tests. */
  APP_BRIDGE_URL: z.string().min(1).optional(),
  NODE_ENV: z.string().default("development"),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
});

export interface Env {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The client secrets that may have signed, the newest first. */
  readonly apiSecrets: readonly string[];
  readonly appUrl: string;
  readonly appHandle: string;
  readonly databaseUrl: string;
  readonly hubUrl: string;
  readonly serviceKey: string;
  /** What the hub shows when it asks for a token. */
  readonly hubsKey: string;
  /** Seals the hub keys of shops. */
  readonly secretKey: Buffer;
  readonly planGate: "none" | "app-pricing";
  readonly logLevel: string;
  readonly standinUrl: string | null;
  readonly appBridgeUrl: string;
  readonly isProduction: boolean;
  readonly host: string;
  readonly port: number;
}

/** A setting that cannot be used; the message names the variable and the fix. */
export class EnvError extends Error {
  override name = "EnvError";
}

export const SHOPIFYS_APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js";

/** Reads and checks the settings. Throws EnvError naming each variable that cannot be used. */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const known = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(known, { error: fieldSentence });
  if (!parsed.success) throw refused(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
  const env = parsed.data;
  const secretKey = Buffer.from(env.UPLINE_APP_SECRET_KEY, "base64");
  if (secretKey.length !== 32)
    throw refused(["UPLINE_APP_SECRET_KEY: is 32 bytes in base64: make them with `openssl rand -base64 32`"]);
  const isProduction = env.NODE_ENV === "production";
  if (isProduction && (env.SHOPIFY_STANDIN_URL !== undefined || env.APP_BRIDGE_URL !== undefined))
    throw refused(["SHOPIFY_STANDIN_URL and APP_BRIDGE_URL are for development: unset them, or NODE_ENV=production"]);
  return {
    apiKey: env.SHOPIFY_API_KEY,
    apiSecret: env.SHOPIFY_API_SECRET,
    apiSecrets: [env.SHOPIFY_API_SECRET, ...(env.SHOPIFY_API_PREVIOUS_SECRET ? [env.SHOPIFY_API_PREVIOUS_SECRET] : [])],
    appUrl: new URL(env.SHOPIFY_APP_URL).origin,
    appHandle: env.SHOPIFY_APP_HANDLE,
    databaseUrl: env.DATABASE_URL,
    hubUrl: env.UPLINE_HUB_URL.replace(/\/+$/, ""),
    serviceKey: env.UPLINE_SERVICE_KEY,
    hubsKey: env.UPLINE_SHOPIFY_APP_KEY,
    secretKey,
    planGate: env.UPLINE_PLAN_GATE,
    logLevel: env.UPLINE_LOG_LEVEL,
    standinUrl: env.SHOPIFY_STANDIN_URL?.replace(/\/+$/, "") ?? null,
    appBridgeUrl: env.APP_BRIDGE_URL ?? SHOPIFYS_APP_BRIDGE,
    isProduction,
    host: env.HOST,
    port: env.PORT,
  };
}

function refused(lines: readonly string[]): EnvError {
  return new EnvError(`Settings cannot be used:\n  ${lines.join("\n  ")}`);
}
