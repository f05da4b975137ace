import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { among, bytes, checked, companyId, filled, int8, json, moment } from "./columns.ts";
import { companies } from "./companies.ts";
import { distributors } from "./network.ts";
import { ownCompany } from "./roles.ts";

/** What a company lets distributors see of each other. No row: what the defaults say. */
export const portalSettings = pgTable(
  "portal_settings",
  {
    companyId: companyId().references(() => companies.companyId),
    /** Whose names somebody sees: of everyone below, or of those whom they sponsor alone. */
    names: text("names", { enum: ["downline", "frontline"] })
      .notNull()
      .default("downline"),
    /** Whether somebody sees the addresses of those whom they sponsor. */
    contacts: boolean("contacts").notNull().default(true),
    changedAt: moment("changed_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.companyId] }), among(t.names, ["downline", "frontline"]), ownCompany()],
);

export const MATERIAL_KINDS = ["text", "link", "picture"] as const;
export const PICTURE_TYPES = ["image/png", "image/jpeg", "image/webp"] as const;

/** What a company gives its distributors to hand on. A picture's bytes are public anyway, and are not sealed. */
export const materials = pgTable(
  "materials",
  {
    companyId: companyId().references(() => companies.companyId),
    materialNo: int8("material_no").notNull().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: MATERIAL_KINDS }).notNull(),
    title: text("title").notNull(),
    /** Of a text the text, of a link its address, of a picture what it shows. */
    body: text("body").notNull(),
    picture: bytes("picture"),
    pictureType: text("picture_type", { enum: PICTURE_TYPES }),
    madeBy: text("made_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    changedAt: moment("changed_at").notNull().defaultNow(),
    withdrawnAt: moment("withdrawn_at"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.materialNo] }),
    filled(t.title),
    among(t.kind, MATERIAL_KINDS),
    among(t.pictureType, PICTURE_TYPES),
    checked(t.picture, sql`(${t.kind} = 'picture') = (${t.picture} is not null) and octet_length(${t.picture}) <= 2097152`),
    ownCompany(),
  ],
);
export type Material = typeof materials.$inferSelect;

/** A distributor's question to the company, with what it is about. */
export const questions = pgTable(
  "questions",
  {
    companyId: companyId(),
    questionNo: int8("question_no").notNull().generatedAlwaysAsIdentity(),
    distributorNo: integer("distributor_no").notNull(),
    /** An order or a period, and the bonus; empty where it is about nothing of these. */
    about: json("about").notNull().default({}),
    askedAt: moment("asked_at").notNull().defaultNow(),
    /** When the company wrote last; null while it has not. */
    answeredAt: moment("answered_at"),
    /** When the distributor wrote last. */
    wroteAt: moment("wrote_at").notNull().defaultNow(),
    /** Until when the distributor has read. */
    readAt: moment("read_at").notNull().defaultNow(),
    settledAt: moment("settled_at"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.questionNo] }),
    foreignKey({
      name: "questions_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    index("questions_by_distributor").on(t.companyId, t.distributorNo, t.questionNo),
    index("questions_open").on(t.companyId, t.questionNo).where(sql`${t.settledAt} is null`),
    ownCompany(),
  ],
);
export type Question = typeof questions.$inferSelect;

/** What was said to a question, by whom. Append-only. */
export const questionMessages = pgTable(
  "question_messages",
  {
    companyId: companyId(),
    messageNo: int8("message_no").notNull().generatedAlwaysAsIdentity(),
    questionNo: int8("question_no").notNull(),
    /** The company's own answers, and the distributor's words. */
    side: text("side", { enum: ["distributor", "company"] }).notNull(),
    actor: text("actor").notNull(),
    message: text("message").notNull(),
    writtenAt: moment("written_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.messageNo] }),
    foreignKey({
      name: "question_messages_question",
      columns: [t.companyId, t.questionNo],
      foreignColumns: [questions.companyId, questions.questionNo],
    }),
    index("question_messages_by_question").on(t.companyId, t.questionNo, t.messageNo),
    among(t.side, ["distributor", "company"]),
    filled(t.message),
    ownCompany(),
  ],
);
