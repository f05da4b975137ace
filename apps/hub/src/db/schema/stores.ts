import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { among, bytes, checked, companyId, json, moment, PLATFORMS } from "./columns.ts";
import { companies } from "./companies.ts";
import { anyCompany, ownCompany } from "./roles.ts";

export const STORE_STATUSES = ["active", "paused", "disconnected"] as const;

export const stores = pgTable(
  "stores",
  {
    companyId: companyId().references(() => companies.companyId),
    storeId: text("store_id").notNull().unique(),
    platform: text("platform", { enum: PLATFORMS }).notNull(),
    domain: text("domain").notNull(),
    /** The platform's own number of the shop, where bodies name that instead of the domain (Shopify). */
    platformShopId: text("platform_shop_id"),
    name: text("name").notNull(),
    status: text("status", { enum: STORE_STATUSES }).notNull().default("active"),
    settings: json("settings").notNull().default({}),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.storeId] }),
    // One shop belongs to one company: deliveries of an app arrive at one address for all shops.
    uniqueIndex("stores_by_domain").on(t.platform, t.domain).where(sql`${t.status} <> 'disconnected'`),
    uniqueIndex("stores_by_shop_id").on(t.platform, t.platformShopId).where(sql`${t.status} <> 'disconnected'`),
    among(t.platform, PLATFORMS),
    checked(t.domain, sql`${t.domain} = lower(${t.domain}) and ${t.domain} <> ''`),
    among(t.status, STORE_STATUSES),
    ownCompany(),
    anyCompany(),
  ],
);
export type Store = typeof stores.$inferSelect;

/** What deliveries are signed with; several count at once while one replaces another. */
export const storeSecrets = pgTable(
  "store_secrets",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    secretNo: integer("secret_no").notNull().generatedAlwaysAsIdentity(),
    ciphertext: bytes("ciphertext").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    revokedAt: moment("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.storeId, t.secretNo] }),
    foreignKey({
      name: "store_secrets_store",
      columns: [t.companyId, t.storeId],
      foreignColumns: [stores.companyId, stores.storeId],
    }),
    ownCompany(),
    anyCompany(),
  ],
);
export type StoreSecret = typeof storeSecrets.$inferSelect;

/** One-time codes that connect a store to a company. The code is known to whoever was shown it; here is its hash. */
export const connectionCodes = pgTable(
  "connection_codes",
  {
    companyId: companyId().references(() => companies.companyId),
    codeHash: bytes("code_hash").primaryKey(),
    madeBy: text("made_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
    usedAt: moment("used_at"),
    storeId: text("store_id"),
  },
  () => [ownCompany(), anyCompany()],
);
export type ConnectionCode = typeof connectionCodes.$inferSelect;

/** How a store is reached. */
export const storeAccess = pgTable(
  "store_access",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    url: text("url").notNull(),
    /** The shop's own address as its plugin told it, which need not be where the hub reads it. What another address sends is a copy's. */
    homeUrl: text("home_url"),
    /** Where a copy of the shop was last heard from, and when; what it sends is refused. */
    copyUrl: text("copy_url"),
    copySeenAt: moment("copy_seen_at"),
    /** Null where no plugin sends this store's orders: then its built-in webhooks are looked after. */
    pluginSince: moment("plugin_since"),
    versions: json("versions").notNull().default({}),
    /** Encrypted at rest. */
    restKeyCiphertext: bytes("rest_key_ciphertext"),
    restSince: moment("rest_since"),
    /** Whether the hub may set up the store's built-in webhooks, and look after them. */
    wantsWebhooks: boolean("wants_webhooks").notNull().default(true),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.storeId] }),
    foreignKey({
      name: "store_access_store",
      columns: [t.companyId, t.storeId],
      foreignColumns: [stores.companyId, stores.storeId],
    }),
    checked(t.url, sql`${t.url} ~ '^https?://'`),
    ownCompany(),
    anyCompany(),
  ],
);
export type StoreAccess = typeof storeAccess.$inferSelect;

/** What a connected store shows when it asks the hub something. */
export const storeTokens = pgTable(
  "store_tokens",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    tokenHash: bytes("token_hash").primaryKey(),
    createdAt: moment("created_at").notNull().defaultNow(),
    revokedAt: moment("revoked_at"),
  },
  (t) => [
    index("store_tokens_by_store").on(t.companyId, t.storeId),
    foreignKey({
      name: "store_tokens_store",
      columns: [t.companyId, t.storeId],
      foreignColumns: [stores.companyId, stores.storeId],
    }),
    ownCompany(),
    anyCompany(),
  ],
);
export type StoreToken = typeof storeTokens.$inferSelect;

/** One-time states of key grants under way: what the store's answer is bound to. */
export const storeGrants = pgTable(
  "store_grants",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    stateHash: bytes("state_hash").primaryKey(),
    askedBy: text("asked_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
    usedAt: moment("used_at"),
  },
  (t) => [
    foreignKey({
      name: "store_grants_store",
      columns: [t.companyId, t.storeId],
      foreignColumns: [stores.companyId, stores.storeId],
    }),
    ownCompany(),
    anyCompany(),
  ],
);
export type StoreGrant = typeof storeGrants.$inferSelect;
