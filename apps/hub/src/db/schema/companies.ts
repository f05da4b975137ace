import type { EvidenceSource } from "@upline/core";
import { sql } from "drizzle-orm";
import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, checked, companyId, filled, int8, json, moment, recordedAt } from "./columns.ts";
import { anyCompany, ownCompany } from "./roles.ts";

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
  (t) => [checked(t.slug, sql`${t.slug} ~ '^[a-z0-9][a-z0-9-]{1,62}$'`), filled(t.name), ownCompany(), anyCompany()],
);
export type Company = typeof companies.$inferSelect;

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
    scopes: text("scopes").array().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    revokedAt: moment("revoked_at"),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.keyNo] }), filled(t.owner), ownCompany(), anyCompany()],
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
  (t) => [primaryKey({ columns: [t.companyId, t.auditNo] }), ownCompany()],
);
export type AuditEntry = typeof auditLog.$inferSelect;
