import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { among, bytes, checked, companyId, filled, int8, json, moment } from "./columns.ts";
import { companies } from "./companies.ts";
import { distributors } from "./network.ts";
import { ownCompany } from "./roles.ts";

/** How much of the inviter's name a stranger with the link is shown. */
export const INVITER_SHOWN = ["first-name", "name", "nobody"] as const;

/** How a company takes in distributors who come by a link. No row: it does not. */
export const enrolmentSettings = pgTable(
  "enrolment_settings",
  {
    companyId: companyId().references(() => companies.companyId),
    isOpen: boolean("is_open").notNull().default(false),
    /** Whether somebody of the company decides on each before there is a distributor. */
    needsApproval: boolean("needs_approval").notNull().default(true),
    inviter: text("inviter", { enum: INVITER_SHOWN }).notNull().default("first-name"),
    /** What ids of new distributors begin with; a number follows. */
    idPrefix: text("id_prefix").notNull().default("N"),
    /** The company's own words above the form, by language. */
    intro: json("intro").notNull().default({}),
    /** The company's own fields, in their order. */
    fields: json("fields").notNull().default([]),
    /** Which consents are asked for, in their order: ids, each with the version that is asked for now. */
    consents: json("consents").notNull().default([]),
    changedAt: moment("changed_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId] }),
    among(t.inviter, INVITER_SHOWN),
    checked(t.idPrefix, sql`${t.idPrefix} ~ '^[A-Za-z][A-Za-z0-9-]{0,9}$'`),
    ownCompany(),
  ],
);

/** What was asked to be agreed to, word by word: changed words are a new version. Append-only. */
export const consentTexts = pgTable(
  "consent_texts",
  {
    companyId: companyId().references(() => companies.companyId),
    consentId: text("consent_id").notNull(),
    version: integer("version").notNull(),
    /** By language. */
    texts: json("texts").notNull(),
    /** Where the whole of it can be read. */
    address: text("address"),
    isRequired: boolean("is_required").notNull(),
    madeBy: text("made_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.consentId, t.version] }),
    checked(t.version, sql`${t.version} > 0`),
    filled(t.consentId),
    ownCompany(),
  ],
);
export type ConsentText = typeof consentTexts.$inferSelect;

export const ENROLMENT_STATES = ["waiting", "confirmed", "approved", "refused"] as const;
export type EnrolmentState = (typeof ENROLMENT_STATES)[number];

/**
 * Somebody who wants to join under whose link they came by. `waiting` for the mail to be confirmed; `confirmed` waits for the company.
 * The address is sealed until the enrolment is decided on and the mail that says so has gone out, and erased then: what stays is the
 * distributor's keyed hash.
 */
export const enrolments = pgTable(
  "enrolments",
  {
    companyId: companyId().references(() => companies.companyId),
    enrolmentNo: int8("enrolment_no").notNull().generatedAlwaysAsIdentity(),
    state: text("state", { enum: ENROLMENT_STATES }).notNull().default("waiting"),
    tokenHash: bytes("token_hash").notNull().unique(),
    /** The inviter, and the code they were found by. */
    sponsorNo: integer("sponsor_no").notNull(),
    code: text("code").notNull(),
    name: text("name").notNull(),
    country: text("country").notNull(),
    language: text("language", { enum: ["en", "de"] }).notNull(),
    emailCiphertext: bytes("email_ciphertext"),
    /** The company's own fields with what they were called then, sealed. */
    answersCiphertext: bytes("answers_ciphertext"),
    /** What was agreed to in the form; it becomes `given_consents` when the address is confirmed. */
    consents: json("consents").notNull(),
    askedAt: moment("asked_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
    confirmedAt: moment("confirmed_at"),
    decidedAt: moment("decided_at"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.enrolmentNo] }),
    foreignKey({
      name: "enrolments_sponsor",
      columns: [t.companyId, t.sponsorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    index("enrolments_by_state").on(t.companyId, t.state, t.enrolmentNo),
    among(t.state, ENROLMENT_STATES),
    among(t.language, ["en", "de"]),
    checked(t.country, sql`${t.country} ~ '^[A-Z]{2}$'`),
    checked(t.confirmedAt, sql`(${t.state} = 'waiting') = (${t.confirmedAt} is null)`),
    checked(t.decidedAt, sql`(${t.state} in ('approved', 'refused')) = (${t.decidedAt} is not null)`),
    // Whoever is taken in is welcomed by mail: the address is erased once that went out.
    index("enrolments_unwelcomed")
      .on(t.companyId, t.enrolmentNo)
      .where(sql`${t.state} = 'approved' and ${t.emailCiphertext} is not null`),
    checked(
      t.emailCiphertext,
      sql`case ${t.state} when 'approved' then true when 'refused' then ${t.emailCiphertext} is null else ${t.emailCiphertext} is not null end`,
    ),
    ownCompany(),
  ],
);
export type Enrolment = typeof enrolments.$inferSelect;

/** What became of an enrolment: one row at most, whoever decides at once, and one distributor. Append-only. */
export const enrolmentDecisions = pgTable(
  "enrolment_decisions",
  {
    companyId: companyId(),
    enrolmentNo: int8("enrolment_no").notNull(),
    /** Null where it was refused. */
    distributorNo: integer("distributor_no"),
    decidedBy: text("decided_by").notNull(),
    /** Of a refusal: what the applicant was told. */
    reason: text("reason").notNull().default(""),
    decidedAt: moment("decided_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.enrolmentNo] }),
    foreignKey({
      name: "enrolment_decisions_enrolment",
      columns: [t.companyId, t.enrolmentNo],
      foreignColumns: [enrolments.companyId, enrolments.enrolmentNo],
    }),
    foreignKey({
      name: "enrolment_decisions_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    uniqueIndex("enrolment_decisions_by_distributor").on(t.companyId, t.distributorNo),
    checked(t.reason, sql`(${t.distributorNo} is null) = (${t.reason} <> '')`),
    ownCompany(),
  ],
);

/** What somebody whose address is confirmed agreed to: which words, and when. Append-only. */
export const givenConsents = pgTable(
  "given_consents",
  {
    companyId: companyId(),
    enrolmentNo: int8("enrolment_no").notNull(),
    consentId: text("consent_id").notNull(),
    version: integer("version").notNull(),
    givenAt: moment("given_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.enrolmentNo, t.consentId] }),
    foreignKey({
      name: "given_consents_enrolment",
      columns: [t.companyId, t.enrolmentNo],
      foreignColumns: [enrolments.companyId, enrolments.enrolmentNo],
    }),
    foreignKey({
      name: "given_consents_text",
      columns: [t.companyId, t.consentId, t.version],
      foreignColumns: [consentTexts.companyId, consentTexts.consentId, consentTexts.version],
    }),
    ownCompany(),
  ],
);
