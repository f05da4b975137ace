import type { Reason } from "@upline/core";
import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { among, companyId, int8, json, moment } from "./columns.ts";
import { anyCompany, ownCompany } from "./roles.ts";
import { stores } from "./stores.ts";

const RECONCILIATION_OUTCOMES = ["finished", "failed"] as const;
const READING_ACTS = ["reconcile", "import"] as const;
const HINT_ANSWERS = ["order", "deleted", "draft", "hidden"] as const;

/** One order that differs still; `reason` is left out in what earlier versions wrote. */
export type Discrepancy = { readonly order: string; readonly problem: string; readonly reason?: Reason };
/** What was done about the built-in webhooks of one topic. */
export type WebhookNote = { readonly topic: string; readonly outcome: string };

/** How far the hub has read a store by itself. */
export const storeReads = pgTable(
  "store_reads",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    /** Changes up to this time of the store's own clock are reconciled. */
    reconciledUntil: moment("reconciled_until"),
    /** The known orders up to this one were compared by id; the next run goes on behind it. */
    comparedAfter: int8("compared_after").notNull().default(sql`0`),
    startedAt: moment("started_at"),
    /** Somebody asked for a run while one was under way: it may have read already what they ask about. */
    askedAgain: boolean("asked_again").notNull().default(false),
    importCursor: text("import_cursor"),
    importDone: integer("import_done").notNull().default(0),
    importTotal: integer("import_total").notNull().default(0),
    importFinishedAt: moment("import_finished_at"),
    /** Orders placed from then on are brought in; null: from the store's first. */
    importSince: moment("import_since"),
    /** When somebody asked for the import, and when for its last going on. */
    importAskedAt: moment("import_asked_at"),
    /** What the run that holds the store's lock is doing, or the last one did: people watch it. */
    readingAct: text("reading_act", { enum: READING_ACTS }),
    readingSince: moment("reading_since"),
    readingDone: integer("reading_done").notNull().default(0),
    /** Orders there are to go through; null where nobody knows. */
    readingTotal: integer("reading_total"),
    /** Orders that the store's messages had missed. */
    readingHealed: integer("reading_healed").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.storeId] }),
    among(t.readingAct, READING_ACTS),
    foreignKey({
      name: "store_reads_store",
      columns: [t.companyId, t.storeId],
      foreignColumns: [stores.companyId, stores.storeId],
    }),
    ownCompany(),
    anyCompany(),
  ],
);
export type StoreRead = typeof storeReads.$inferSelect;

/** Every reconciliation: what was compared, what had to be healed, and what differs still. Append-only. */
export const reconciliations = pgTable(
  "reconciliations",
  {
    companyId: companyId(),
    reconciliationNo: int8("reconciliation_no").notNull().generatedAlwaysAsIdentity(),
    storeId: text("store_id").notNull(),
    outcome: text("outcome", { enum: RECONCILIATION_OUTCOMES }).notNull(),
    since: moment("since").notNull(),
    until: moment("until"),
    checked: integer("checked").notNull(),
    healed: integer("healed").notNull(),
    /** Σ|shop net − hub net| by currency, decimal texts: as found, and after healing. */
    deltaBefore: json("delta_before").$type<Readonly<Record<string, string>>>().notNull(),
    delta: json("delta").$type<Readonly<Record<string, string>>>().notNull(),
    /** Orders that differ still, at most 100. */
    discrepancies: json("discrepancies").$type<readonly Discrepancy[]>().notNull().default([]),
    webhooks: json("webhooks").$type<readonly WebhookNote[]>().notNull().default([]),
    error: text("error"),
    startedAt: moment("started_at").notNull(),
    finishedAt: moment("finished_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.reconciliationNo] }),
    foreignKey({
      name: "reconciliations_store",
      columns: [t.companyId, t.storeId],
      foreignColumns: [stores.companyId, stores.storeId],
    }),
    index("reconciliations_by_store").on(t.companyId, t.storeId, t.reconciliationNo),
    among(t.outcome, RECONCILIATION_OUTCOMES),
    ownCompany(),
  ],
);
export type Reconciliation = typeof reconciliations.$inferSelect;

/** Hints whose order the store was asked about. */
export const answeredHints = pgTable(
  "answered_hints",
  {
    companyId: companyId(),
    deliveryId: int8("delivery_id").primaryKey(),
    answer: text("answer", { enum: HINT_ANSWERS }).notNull(),
    answeredAt: moment("answered_at").notNull().defaultNow(),
  },
  (t) => [among(t.answer, HINT_ANSWERS), ownCompany()],
);
export type AnsweredHint = typeof answeredHints.$inferSelect;
