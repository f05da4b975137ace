import { fieldSentence } from "@upline/core";
import { z } from "zod";

/** The only place that reads `process.env`. An unset secret stops the start with a sentence that says what to set. */

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  /** Absent: a real PostgreSQL is started in `dataDir`. */
  DATABASE_URL: z.url().optional(),
  /** Logins that somebody made for the hub, where the owner in DATABASE_URL may not make roles. All, or none. */
  UPLINE_APP_DATABASE_URL: z.url().optional(),
  UPLINE_GATE_DATABASE_URL: z.url().optional(),
  UPLINE_JOBS_DATABASE_URL: z.url().optional(),
  UPLINE_PEOPLE_DATABASE_URL: z.url().optional(),
  UPLINE_DATA_DIR: z.string().min(1).default(".upline"),
  /** `ingest` only takes deliveries, `worker` only processes them, `all` does both. */
  UPLINE_ROLE: z.enum(["all", "ingest", "worker"]).default("all"),
  UPLINE_HOST: z.string().min(1).default("127.0.0.1"),
  UPLINE_PORT: port.default(8787),
  UPLINE_DATABASE_PORT: port.default(0),
  /** Where shops reach this hub; printed in ingest URLs. */
  UPLINE_PUBLIC_URL: z.url().optional(),
  /** 32 bytes, base64: encrypts the secrets of stores at rest. */
  UPLINE_SECRET_KEY: z.string().optional(),
  /** Keys that it replaces, comma-separated: what they sealed is opened until `upline secret rotate` has sealed it anew. */
  UPLINE_PREVIOUS_SECRET_KEYS: z.string().optional(),
  /** The API key of whoever is at the terminal, for commands that go by a person. */
  UPLINE_KEY: z.string().optional(),
  /** Client secrets of the Shopify app, comma-separated (old and new during rotation). */
  UPLINE_SHOPIFY_APP_SECRETS: z.string().optional(),
  /** Where the Shopify app is, which keeps the tokens of its shops; with the key that opens its service address. */
  UPLINE_SHOPIFY_APP_URL: z.url({ protocol: /^https?$/ }).optional(),
  UPLINE_SHOPIFY_APP_KEY: z.string().min(16, "has at least 16 characters").optional(),
  /** A stand-in of Shopify, for development and tests: shops are asked there. */
  SHOPIFY_STANDIN_URL: z.url({ protocol: /^https?$/ }).optional(),
  NODE_ENV: z.string().optional(),
  UPLINE_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  /** How often the hub asks each store for what its messages missed; 0 never. */
  UPLINE_RECONCILE_MINUTES: z.coerce.number().int().min(0).max(1440).default(5),
  /** How often all orders of the last 60 days are compared, whatever was said of them; 0 never. */
  UPLINE_RECONCILE_ALL_MINUTES: z.coerce.number().int().min(0).max(10_080).default(1440),
  /** How often volumes of orders are booked to periods; 0 leaves it to `period book` and the close. */
  UPLINE_BOOK_VOLUMES_MINUTES: z.coerce.number().int().min(0).max(1440).default(60),
  /** How often transfers are folded into balances; 0 never: balances stay exact, and grow slow. */
  UPLINE_FOLD_MINUTES: z.coerce.number().int().min(0).max(1440).default(1),
  /** `off`: this replica runs no background jobs, and leaves them to others. */
  UPLINE_JOBS: z.enum(["on", "off"]).default("on"),
  /** `allow`: shops may be reached by http and in private networks; the hub then calls any address that somebody gives. */
  UPLINE_PRIVATE_STORES: z.enum(["refuse", "allow"]).default("refuse"),
  /** Who may read `/metrics`: sent as `Authorization: Bearer`; without one they are shown to nobody. */
  UPLINE_METRICS_KEY: z.string().min(16, "has at least 16 characters").optional(),
  /** Proxies of your own in front of the hub: so many addresses from the end of X-Forwarded-For stands who asks. */
  UPLINE_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** Where mail goes out, such as `smtps://name:password@mail.example.com`; without it mails lie in the outbox folder. */
  UPLINE_SMTP_URL: z.url({ protocol: /^smtps?$/, error: "begins with smtp:// or smtps://" }).optional(),
  /** Whom mail is from, such as `Acme Wellness <hello@acme.example>`. */
  UPLINE_MAIL_FROM: z.string().min(3).default("Upline <upline@localhost>"),
  /** With less free on the disk of `UPLINE_DATA_DIR`, the hub says that it is not ready. */
  UPLINE_MIN_FREE_MB: z.coerce.number().int().min(0).default(256),
  /** So much of companies' networks, plans and SKU maps is kept in memory; beyond it those that were used longest ago are let go. */
  UPLINE_DIRECTORY_MB: z.coerce.number().int().min(16).default(1024),
  /** How long after it was processed a delivery's body can be read; 0: for ever. */
  UPLINE_BODY_RETENTION_DAYS: z.coerce.number().int().min(0).max(36_500).default(90),
  /** How long after it was processed a delivery is kept, once its body is erased; 0: for ever. */
  UPLINE_DELIVERY_RETENTION_DAYS: z.coerce.number().int().min(0).max(36_500).default(180),
  UPLINE_BODY_LIMIT_BYTES: z.coerce.number().int().min(1024).default(2_000_000),
});

export interface Env {
  readonly databaseUrl: string | null;
  readonly appDatabaseUrl: string | null;
  readonly gateDatabaseUrl: string | null;
  readonly jobsDatabaseUrl: string | null;
  readonly peopleDatabaseUrl: string | null;
  readonly dataDir: string;
  readonly role: "all" | "ingest" | "worker";
  readonly host: string;
  readonly port: number;
  readonly databasePort: number;
  readonly publicUrl: string | null;
  readonly secretKey: string | null;
  readonly previousSecretKeys: readonly string[];
  readonly key: string | null;
  readonly shopifyAppSecrets: readonly string[];
  /** Null where no Shopify app is run beside this hub: then Shopify shops are only listened to. */
  readonly shopifyApp: { readonly url: string; readonly key: string } | null;
  readonly shopifyStandinUrl: string | null;
  readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
  readonly reconcileMinutes: number;
  readonly reconcileAllMinutes: number;
  readonly bookVolumesMinutes: number;
  readonly foldMinutes: number;
  readonly jobs: "on" | "off";
  readonly privateStores: "refuse" | "allow";
  readonly metricsKey: string | null;
  readonly proxies: number;
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  readonly minFreeMb: number;
  readonly directoryMb: number;
  readonly bodyRetentionDays: number;
  readonly deliveryRetentionDays: number;
  readonly bodyLimitBytes: number;
}

/** A setting that cannot be used; the message names the variable and the fix. */
export class EnvError extends Error {
  override name = "EnvError";
}

/** Reads and checks the settings. Throws EnvError naming the variable. */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const known = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(known, { error: fieldSentence });
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new EnvError(`Settings cannot be used:\n  ${lines.join("\n  ")}`);
  }
  const env = parsed.data;
  const logins = [
    env.UPLINE_APP_DATABASE_URL,
    env.UPLINE_GATE_DATABASE_URL,
    env.UPLINE_JOBS_DATABASE_URL,
    env.UPLINE_PEOPLE_DATABASE_URL,
  ];
  const set = logins.filter((url) => url !== undefined).length;
  if (set > 0 && (set < logins.length || env.DATABASE_URL === undefined))
    throw new EnvError(
      "UPLINE_APP_DATABASE_URL, UPLINE_GATE_DATABASE_URL, UPLINE_JOBS_DATABASE_URL and UPLINE_PEOPLE_DATABASE_URL go together, and with DATABASE_URL: set all five, or only the last.",
    );
  if ((env.UPLINE_SHOPIFY_APP_URL === undefined) !== (env.UPLINE_SHOPIFY_APP_KEY === undefined))
    throw new EnvError("UPLINE_SHOPIFY_APP_URL and UPLINE_SHOPIFY_APP_KEY go together: set both, or neither.");
  if (env.SHOPIFY_STANDIN_URL !== undefined && env.NODE_ENV === "production")
    throw new EnvError("SHOPIFY_STANDIN_URL is for development: in production (NODE_ENV) shops are asked at Shopify. Unset it.");
  return {
    databaseUrl: env.DATABASE_URL ?? null,
    appDatabaseUrl: env.UPLINE_APP_DATABASE_URL ?? null,
    gateDatabaseUrl: env.UPLINE_GATE_DATABASE_URL ?? null,
    jobsDatabaseUrl: env.UPLINE_JOBS_DATABASE_URL ?? null,
    peopleDatabaseUrl: env.UPLINE_PEOPLE_DATABASE_URL ?? null,
    dataDir: env.UPLINE_DATA_DIR,
    role: env.UPLINE_ROLE,
    host: env.UPLINE_HOST,
    port: env.UPLINE_PORT,
    databasePort: env.UPLINE_DATABASE_PORT,
    publicUrl: env.UPLINE_PUBLIC_URL ?? null,
    secretKey: env.UPLINE_SECRET_KEY ?? null,
    previousSecretKeys: listed(env.UPLINE_PREVIOUS_SECRET_KEYS),
    key: env.UPLINE_KEY ?? null,
    shopifyAppSecrets: listed(env.UPLINE_SHOPIFY_APP_SECRETS),
    shopifyApp: appOf(env.UPLINE_SHOPIFY_APP_URL, env.UPLINE_SHOPIFY_APP_KEY),
    shopifyStandinUrl: env.SHOPIFY_STANDIN_URL?.replace(/\/+$/, "") ?? null,
    logLevel: env.UPLINE_LOG_LEVEL,
    reconcileMinutes: env.UPLINE_RECONCILE_MINUTES,
    reconcileAllMinutes: env.UPLINE_RECONCILE_ALL_MINUTES,
    bookVolumesMinutes: env.UPLINE_BOOK_VOLUMES_MINUTES,
    foldMinutes: env.UPLINE_FOLD_MINUTES,
    jobs: env.UPLINE_JOBS,
    privateStores: env.UPLINE_PRIVATE_STORES,
    metricsKey: env.UPLINE_METRICS_KEY ?? null,
    proxies: env.UPLINE_PROXIES,
    smtpUrl: env.UPLINE_SMTP_URL ?? null,
    mailFrom: env.UPLINE_MAIL_FROM,
    minFreeMb: env.UPLINE_MIN_FREE_MB,
    directoryMb: env.UPLINE_DIRECTORY_MB,
    bodyRetentionDays: env.UPLINE_BODY_RETENTION_DAYS,
    deliveryRetentionDays: env.UPLINE_DELIVERY_RETENTION_DAYS,
    bodyLimitBytes: env.UPLINE_BODY_LIMIT_BYTES,
  };
}

function appOf(url: string | undefined, key: string | undefined): Env["shopifyApp"] {
  return url === undefined || key === undefined ? null : { url: url.replace(/\/+$/, ""), key };
}

function listed(text = ""): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
