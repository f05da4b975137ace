import { sql } from "drizzle-orm";
import {
  char,
  check,
  date,
  index,
  integer,
  pgTable,
  pgView,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { checked, companyId, int8, moment, recordedAt, transactionId } from "./columns.ts";
import { ownCompany } from "./roles.ts";

/** A kind's number in a row is its place in this list, counted from 1. */
export const TRANSFER_KINDS = ["commission", "clawback", "breakage", "breakage-clawback"] as const;

/**
 * The ledger as it is kept. One row moves value from a debit to a credit account: it cannot be unbalanced. Append-only.
 *
 * A row holds numbers alone, because it is what an order writes most of: a bonus by its word's number, a line by its own
 * number or its word's (below zero), a currency by its three letters (`ledger/entry.ts`). The view `transfers` says the same in words.
 * Accounts: 1 held, 2 payable, 3 paid, 4 recoverable, 10 commission expense, 11 breakage, 12 payout clearing, 13 tax withheld.
 * Those below 10 are the distributor's whom the row is about, the others the company's.
 * The primary key is the effect's own identity: a repeat cannot be written.
 *
 * The widest columns come first, so that none is followed by a gap.
 */
export const transferRows = pgTable(
  "transfer_rows",
  {
    sourceNo: int8("source_no").notNull(),
    /** Of an order's line, its id where that is a number as computers write it, else less than zero: a word's number. 0 where there is none. */
    line: int8("line").notNull(),
    /** Minor units. */
    amount: int8("amount").notNull(),
    effectiveAt: moment("effective_at").notNull(),
    recordedAt: recordedAt(),
    /** Rows below the oldest running transaction are complete: whoever reads up to there sees every row exactly once. */
    recordedXid: transactionId("recorded_xid").notNull().default(sql`pg_current_xact_id()`),
    transferId: int8("transfer_id").notNull().generatedAlwaysAsIdentity(),
    companyId: companyId(),
    revision: integer("revision").notNull(),
    /** The distributor the row is about; 0 for the company's own. */
    distributorNo: integer("distributor_no").notNull(),
    bonusNo: integer("bonus_no").notNull(),
    /** As far as an order's upline goes: some networks are deeper than a small number says. */
    level: integer("level").notNull(),
    /** 1 an order, 2 a period's close, 3 an adjustment, 4 a payout. */
    sourceKind: smallint("source_kind").notNull(),
    seq: smallint("seq").notNull(),
    kindNo: smallint("kind_no").notNull(),
    currencyNo: smallint("currency_no").notNull(),
    debitAccount: smallint("debit_account").notNull(),
    creditAccount: smallint("credit_account").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.sourceKind, t.sourceNo, t.revision, t.seq] }),
    uniqueIndex("transfer_rows_by_id").on(t.companyId, t.transferId),
    index("transfer_rows_by_distributor").on(t.companyId, t.distributorNo, t.transferId),
    checked(t.amount, sql`${t.amount} > 0`),
    checked(t.kindNo, sql`${t.kindNo} between 1 and ${sql.raw(String(TRANSFER_KINDS.length))}`),
    check("transfer_rows_check", sql`${t.debitAccount} <> ${t.creditAccount}`),
    ownCompany(),
  ],
);

/**
 * How far a company's rows are folded into balances and daily figures: all with an id up to `foldedTo`. A mark says which
 * come next: no row of a transaction after `markedXid` has an id up to `markedTo`, so that once no transaction up to it
 * runs any more, all of those rows are there. Whoever reads balances adds the rows behind `foldedTo`.
 */
export const ledgerFolds = pgTable(
  "ledger_folds",
  {
    companyId: companyId(),
    foldedTo: int8("folded_to").notNull().default(sql`0`),
    markedTo: int8("marked_to").notNull().default(sql`0`),
    markedXid: transactionId("marked_xid").notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [primaryKey({ columns: [t.companyId] }), ownCompany()],
);

/** What accounts hold by the folded rows: credits less debits, in minor units. Owner 0 is the company. */
export const foldedBalances = pgTable(
  "folded_balances",
  {
    companyId: companyId(),
    ownerNo: integer("owner_no").notNull(),
    account: smallint("account").notNull(),
    currencyNo: smallint("currency_no").notNull(),
    balance: int8("balance").notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.ownerNo, t.account, t.currencyNo] }), ownCompany()],
);

/** What the folded rows of each day come to, by kind; the day is UTC's, of the time at which they took effect. */
export const foldedDays = pgTable(
  "folded_days",
  {
    companyId: companyId(),
    day: date("day").notNull(),
    currencyNo: smallint("currency_no").notNull(),
    kindNo: smallint("kind_no").notNull(),
    transfers: int8("transfers").notNull(),
    /** Minor units, without a sign: the kind has it. */
    amount: int8("amount").notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.day, t.currencyNo, t.kindNo] }), ownCompany()],
);
export type FoldedDay = typeof foldedDays.$inferSelect;

/** The same of each shop: what its orders come to. A period's close is of no shop. */
export const foldedStoreDays = pgTable(
  "folded_store_days",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    day: date("day").notNull(),
    currencyNo: smallint("currency_no").notNull(),
    kindNo: smallint("kind_no").notNull(),
    transfers: int8("transfers").notNull(),
    /** Minor units, without a sign: the kind has it. */
    amount: int8("amount").notNull(),
  },
  (t) => [
    primaryKey({ name: "folded_store_days_pk", columns: [t.companyId, t.storeId, t.day, t.currencyNo, t.kindNo] }),
    ownCompany(),
  ],
);

/** The same of each distributor. */
export const foldedDistributorDays = pgTable(
  "folded_distributor_days",
  {
    companyId: companyId(),
    /** Minor units, without a sign: the kind has it. */
    amount: int8("amount").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    day: date("day").notNull(),
    transfers: integer("transfers").notNull(),
    currencyNo: smallint("currency_no").notNull(),
    kindNo: smallint("kind_no").notNull(),
  },
  (t) => [
    primaryKey({ name: "folded_distributor_days_pk", columns: [t.companyId, t.distributorNo, t.day, t.currencyNo, t.kindNo] }),
    ownCompany(),
  ],
);

/** The words that a company's ledger uses, each once: its bonuses, and ids of lines that are no numbers. Append-only. */
export const ledgerWords = pgTable(
  "ledger_words",
  {
    companyId: companyId(),
    wordNo: integer("word_no").notNull().generatedAlwaysAsIdentity(),
    word: text("word").notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.wordNo] }), unique().on(t.companyId, t.word), ownCompany()],
);
export type LedgerWord = typeof ledgerWords.$inferSelect;

/** The transfers in words: what a row's numbers mean. Its SQL stands in the migrations. Read-only: rows are written by `ledger/transfers.ts`. */
export const transfers = pgView("transfers", {
  companyId: companyId(),
  sourceKind: smallint("source_kind").notNull(),
  sourceNo: int8("source_no").notNull(),
  revision: integer("revision").notNull(),
  seq: smallint("seq").notNull(),
  transferId: int8("transfer_id").notNull(),
  kind: text("kind", { enum: TRANSFER_KINDS }).notNull(),
  /** Of an order `bonus:line:level:earner`, of a close `bonus:period`. */
  entryKey: text("entry_key").notNull(),
  bonusId: text("bonus_id").notNull(),
  /** Null where no order's line is meant. */
  lineId: text("line_id"),
  level: integer("level").notNull(),
  /** The distributor the row is about; 0 for the company's own. */
  distributorNo: integer("distributor_no").notNull(),
  distributorId: text("distributor_id"),
  debitOwner: integer("debit_owner").notNull(),
  debitAccount: smallint("debit_account").notNull(),
  creditOwner: integer("credit_owner").notNull(),
  creditAccount: smallint("credit_account").notNull(),
  amount: int8("amount").notNull(),
  currency: char("currency", { length: 3 }).notNull(),
  effectiveAt: moment("effective_at").notNull(),
  recordedAt: moment("recorded_at").notNull(),
  recordedXid: transactionId("recorded_xid").notNull(),
}).existing();
export type Transfer = typeof transfers.$inferSelect;

/** The document's ledger over the transfers. Its SQL stands in the migrations. */
export const ledger = pgView("ledger", {
  companyId: companyId(),
  eventId: int8("event_id").notNull(),
  orderId: int8("order_id"),
  distributorId: text("distributor_id"),
  amountMinor: int8("amount_minor").notNull(),
  currency: char("currency", { length: 3 }).notNull(),
  kind: text("kind", { enum: TRANSFER_KINDS }).notNull(),
  entryKey: text("entry_key").notNull(),
  effectiveAt: moment("effective_at").notNull(),
  recordedAt: moment("recorded_at").notNull(),
  calcSnapshotJson: text("calc_snapshot_json"),
  sourceKind: smallint("source_kind").notNull(),
  sourceNo: int8("source_no").notNull(),
  distributorNo: integer("distributor_no").notNull(),
}).existing();
export type LedgerRow = typeof ledger.$inferSelect;
