import { sql } from "drizzle-orm";
import { char, check, index, integer, pgTable, pgView, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core";
import { among, checked, companyId, int8, moment, recordedAt, transactionId } from "./columns.ts";
import { ownCompany } from "./roles.ts";

export const TRANSFER_KINDS = ["commission", "clawback", "breakage", "breakage-clawback"] as const;

/**
 * One row moves value from a debit to a credit account: it cannot be unbalanced. Owner 0 is the company. Append-only.
 * Accounts: 1 held, 2 payable, 3 paid, 4 recoverable, 10 commission expense, 11 breakage, 12 payout clearing, 13 tax withheld.
 * The primary key is the effect's own identity: a repeat cannot be written.
 */
export const transfers = pgTable(
  "transfers",
  {
    companyId: companyId(),
    /** 1 an order, 2 a period's close, 3 an adjustment, 4 a payout. */
    sourceKind: smallint("source_kind").notNull(),
    sourceNo: int8("source_no").notNull(),
    revision: integer("revision").notNull(),
    seq: smallint("seq").notNull(),
    transferId: int8("transfer_id").notNull().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: TRANSFER_KINDS }).notNull(),
    entryKey: text("entry_key").notNull(),
    /** The distributor the row is about; 0 for the company's own. */
    distributorNo: integer("distributor_no").notNull(),
    debitOwner: integer("debit_owner").notNull(),
    debitAccount: smallint("debit_account").notNull(),
    creditOwner: integer("credit_owner").notNull(),
    creditAccount: smallint("credit_account").notNull(),
    amount: int8("amount").notNull(),
    currency: char("currency", { length: 3 }).notNull(),
    effectiveAt: moment("effective_at").notNull(),
    recordedAt: recordedAt(),
    /** Rows below the oldest running transaction are complete: seals and folds read up to there. */
    recordedXid: transactionId("recorded_xid").notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.sourceKind, t.sourceNo, t.revision, t.seq] }),
    uniqueIndex("transfers_by_id").on(t.companyId, t.transferId),
    index("transfers_by_distributor").on(t.companyId, t.distributorNo, t.transferId),
    among(t.kind, TRANSFER_KINDS),
    checked(t.amount, sql`${t.amount} > 0`),
    check("transfers_check", sql`${t.debitOwner} <> ${t.creditOwner} or ${t.debitAccount} <> ${t.creditAccount}`),
    ownCompany(),
  ],
);
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
}).existing();
export type LedgerRow = typeof ledger.$inferSelect;
