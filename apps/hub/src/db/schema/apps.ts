import { sql } from "drizzle-orm";
import { foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { among, bytes, companyId, filled, int8, json, moment, recordedAt } from "./columns.ts";
import { anyCompany, ownCompany } from "./roles.ts";
import { stores } from "./stores.ts";

/**
 * What a program that serves all companies, such as the Shopify app, shows the hub. Of no company: it connects shops to
 * companies and makes new ones. Written by the owner alone; the hash is what is stored.
 */
export const serviceKeys = pgTable(
  "service_keys",
  {
    serviceKeyNo: integer("service_key_no").primaryKey().generatedAlwaysAsIdentity(),
    keyHash: bytes("key_hash").notNull().unique(),
    prefix: text("prefix").notNull(),
    name: text("name").notNull(),
    scopes: text("scopes").array().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    revokedAt: moment("revoked_at"),
  },
  (t) => [filled(t.name)],
);
export type ServiceKey = typeof serviceKeys.$inferSelect;

/** Who did what to service keys: these are of no company, so that no company's audit log can say it. Append-only. */
export const serviceLog = pgTable("service_log", {
  logNo: int8("log_no").primaryKey().generatedAlwaysAsIdentity(),
  actor: text("actor").notNull(),
  act: text("act").notNull(),
  subject: text("subject").notNull(),
  details: json("details").notNull().default({}),
  recordedAt: recordedAt(),
});
export type ServiceLogEntry = typeof serviceLog.$inferSelect;

/** A store that the platform's own app connected: the app keeps its access, and says when it is there and when it is gone. */
export const storeApps = pgTable(
  "store_apps",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    /** When the app last said that it is installed. What it says of an earlier time does not count against it. */
    connectedAt: moment("connected_at").notNull().defaultNow(),
    /** Null while it is installed. */
    uninstalledAt: moment("uninstalled_at"),
    /** The API key that the app has for this shop. */
    keyNo: integer("key_no"),
    currency: text("currency").notNull(),
    timeZone: text("time_zone").notNull(),
    /** When the app last passed on that something may have changed. */
    hintedAt: moment("hinted_at"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.storeId] }),
    foreignKey({
      name: "store_apps_store",
      columns: [t.companyId, t.storeId],
      foreignColumns: [stores.companyId, stores.storeId],
    }),
    ownCompany(),
    anyCompany(),
  ],
);
export type StoreApp = typeof storeApps.$inferSelect;

export const TOLD_KINDS = ["pixel", "claim"] as const;
export const CLAIM_STATUSES = ["kept", "open", "accepted", "refused"] as const;

/**
 * Evidence that came beside the order and not on it: what a pixel saw, or whom a buyer named after the purchase. Everybody
 * can send such a thing, so that it never decides by itself; a claim waits for a person.
 */
export const toldEvidence = pgTable(
  "told_evidence",
  {
    companyId: companyId(),
    evidenceNo: int8("evidence_no").notNull().generatedAlwaysAsIdentity(),
    storeId: text("store_id").notNull(),
    kind: text("kind", { enum: TOLD_KINDS }).notNull(),
    /** Empty where it names none. */
    platformOrderId: text("platform_order_id").notNull(),
    checkoutToken: text("checkout_token").notNull(),
    code: text("code").notNull(),
    foldedCode: text("folded_code").notNull(),
    /** By the clock of whoever told it. */
    toldAt: moment("told_at").notNull(),
    /** Keyed hash of the browser's own number. */
    clientHash: text("client_hash"),
    /** `kept`: nobody has to decide it. */
    status: text("status", { enum: CLAIM_STATUSES }).notNull(),
    decidedBy: text("decided_by"),
    decidedAt: moment("decided_at"),
    reason: text("reason"),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.evidenceNo] }),
    // The same thing told again is one thing.
    uniqueIndex("told_evidence_once").on(t.companyId, t.storeId, t.kind, t.platformOrderId, t.checkoutToken, t.foldedCode),
    index("told_evidence_open").on(t.companyId, t.evidenceNo).where(sql`${t.status} = 'open'`),
    among(t.kind, TOLD_KINDS),
    among(t.status, CLAIM_STATUSES),
    filled(t.code),
    foreignKey({
      name: "told_evidence_store",
      columns: [t.companyId, t.storeId],
      foreignColumns: [stores.companyId, stores.storeId],
    }),
    ownCompany(),
  ],
);
export type ToldEvidence = typeof toldEvidence.$inferSelect;

/** Referral codes that were added to a discount of a store. Whose each is, `referral_codes` says. */
export const storeDiscountCodes = pgTable(
  "store_discount_codes",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    foldedCode: text("folded_code").notNull(),
    /** As the platform names it. */
    discountId: text("discount_id").notNull(),
    addedAt: moment("added_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.storeId, t.foldedCode] }),
    foreignKey({
      name: "store_discount_codes_store",
      columns: [t.companyId, t.storeId],
      foreignColumns: [stores.companyId, stores.storeId],
    }),
    ownCompany(),
  ],
);
export type StoreDiscountCode = typeof storeDiscountCodes.$inferSelect;
