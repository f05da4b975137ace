import type { EvidenceSource } from "@upline/core";
import { sql } from "drizzle-orm";
import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { among, bytes, checked, companyId, filled, int8, json, moment, recordedAt } from "./columns.ts";
import { anyCompany, anyCompanyForPeople, ownCompany } from "./roles.ts";

export const companies = pgTable(
  "companies",
  {
    companyId: integer("company_id").primaryKey().generatedAlwaysAsIdentity(),
    slug: text("slug").notNull().unique(),
    name: text("name").notNull(),
    /** Raised by every change of network, SKU map or plans, so that workers know when their copies are old. */
    directoryVersion: int8("directory_version").notNull().default(sql`1`),
    /** Evidence order of the attribution, best first; null is the default order. */
    evidenceOrder: text("evidence_order").array().$type<EvidenceSource[]>(),
    /** Hashes buyers, so that no personal data is stored; deleting it makes the hashes meaningless. Encrypted at rest. */
    buyerKey: bytes("buyer_key").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    checked(t.slug, sql`${t.slug} ~ '^[a-z0-9][a-z0-9-]{1,62}$'`),
    filled(t.name),
    ownCompany(),
    anyCompany(),
    anyCompanyForPeople(),
  ],
);
export type Company = typeof companies.$inferSelect;

/** How a company shows itself to its distributors. No row: by its name, in the product's own colour. */
export const companyBranding = pgTable(
  "company_branding",
  {
    companyId: companyId().references(() => companies.companyId),
    shownName: text("shown_name"),
    /** A colour that can be read, as `#rrggbb`. */
    accent: text("accent"),
    support: text("support"),
    /** For everybody, and so not sealed. */
    logo: bytes("logo"),
    logoType: text("logo_type", { enum: ["image/png", "image/webp"] }),
    logoHash: text("logo_hash"),
    changedAt: moment("changed_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId] }),
    filled(t.shownName),
    checked(t.accent, sql`${t.accent} ~ '^#[0-9a-f]{6}$'`),
    among(t.logoType, ["image/png", "image/webp"]),
    checked(
      t.logo,
      sql`(${t.logo} is null) = (${t.logoType} is null) and (${t.logo} is null) = (${t.logoHash} is null) and octet_length(${t.logo}) <= 204800`,
    ),
    ownCompany(),
  ],
);

/** For how long a company's data is kept. Null, and no row: as the hub is set; 0 is for ever. */
export const retentionSettings = pgTable(
  "retention_settings",
  {
    companyId: companyId().references(() => companies.companyId),
    bodyDays: integer("body_days"),
    deliveryDays: integer("delivery_days"),
    clickDays: integer("click_days"),
    changedAt: moment("changed_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId] }),
    checked(t.bodyDays, sql`${t.bodyDays} = 0 or ${t.bodyDays} between 7 and 3650`),
    checked(t.deliveryDays, sql`${t.deliveryDays} = 0 or ${t.deliveryDays} between 30 and 3650`),
    checked(t.clickDays, sql`${t.clickDays} = 0 or ${t.clickDays} between 30 and 3650`),
    ownCompany(),
  ],
);

export const apiKeys = pgTable(
  "api_keys",
  {
    companyId: companyId().references(() => companies.companyId),
    keyNo: integer("key_no").notNull().generatedAlwaysAsIdentity(),
    keyHash: bytes("key_hash").notNull().unique(),
    prefix: text("prefix").notNull(),
    name: text("name").notNull(),
    /** The person it belongs to: what needs two people needs keys of two owners. */
    owner: text("owner").notNull(),
    /** Whoever made it while signed in: it is worth what their role is. Null for a key that the hub's operator made. */
    personId: text("person_id"),
    scopes: text("scopes").array().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    revokedAt: moment("revoked_at"),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.keyNo] }), filled(t.owner), ownCompany(), anyCompany(), anyCompanyForPeople()],
);
export type ApiKey = typeof apiKeys.$inferSelect;

/** Who did what. Append-only. */
export const auditLog = pgTable(
  "audit_log",
  {
    companyId: companyId().references(() => companies.companyId),
    auditNo: int8("audit_no").notNull().generatedAlwaysAsIdentity(),
    actor: text("actor").notNull(),
    act: text("act").notNull(),
    subject: text("subject").notNull(),
    details: json("details").notNull().default({}),
    recordedAt: recordedAt(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.auditNo] }), ownCompany(), anyCompanyForPeople()],
);
export type AuditEntry = typeof auditLog.$inferSelect;
