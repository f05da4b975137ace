import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { among, bytes, companyId, int8, moment } from "./columns.ts";
import { anyCompany, ownCompany } from "./roles.ts";

const ENCODINGS = ["utf8", "base64"] as const;
export const OUTCOMES = ["applied", "duplicate", "outdated", "hint", "ignored", "shop", "dead"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * Raw, verified deliveries, committed before the shop is answered. Append-only: what became of a
 * delivery is a row of its own, which is cheaper than rewriting this one.
 */
export const inbox = pgTable(
  "inbox",
  {
    companyId: companyId(),
    deliveryId: int8("delivery_id").primaryKey().generatedAlwaysAsIdentity(),
    storeId: text("store_id").notNull(),
    topic: text("topic").notNull(),
    /** The delivery id of an unsigned header: shown to people, never trusted. */
    platformDeliveryId: text("platform_delivery_id"),
    /** base64 where the bytes are no valid UTF-8 text. */
    encoding: text("encoding", { enum: ENCODINGS }).notNull().default("utf8"),
    /** From before bodies were sealed: `migrate` moves it to `sealed`. */
    body: text("body"),
    /** The bytes as received, sealed under a key of its own that `inbox_groups` can forget: tag (16) | ciphertext. */
    sealed: bytes("sealed"),
    /** How many bytes the body had before it was packed (`inbox/packing.ts`); null where it is sealed as it came. */
    packedFrom: integer("packed_from"),
    /** The deliveries that it was committed with; null: with none, and its group has its own number. */
    groupNo: int8("group_no"),
    receivedAt: moment("received_at").notNull().defaultNow(),
  },
  (t) => [
    // Each company's deliveries are looked through by themselves, for people and by the sweeper.
    index("inbox_by_company").on(t.companyId, t.deliveryId),
    index("inbox_by_store").on(t.companyId, t.storeId, t.deliveryId),
    // Says of blocks of rows when they came: they lie in that order.
    index("inbox_by_time").using("brin", t.receivedAt).with({ pages_per_range: 32, autosummarize: true }),
    index("inbox_unsealed").on(t.deliveryId).where(sql`${t.body} is not null`),
    check("inbox_one_body_check", sql`(${t.body} is null) <> (${t.sealed} is null)`),
    among(t.encoding, ENCODINGS),
    ownCompany(),
    anyCompany(),
  ],
);
export type Delivery = typeof inbox.$inferSelect;

/**
 * The deliveries of one company that were committed together, and what makes the keys of their bodies: one row where each delivery
 * would have a row and an index entry of its own. Retention and erasures overwrite a salt with zeros: without it the body is erased.
 */
export const inboxGroups = pgTable(
  "inbox_groups",
  {
    companyId: companyId(),
    /** The first of its deliveries. */
    groupNo: int8("group_no").notNull(),
    /** In the order they came. */
    deliveryIds: int8("delivery_ids").array().notNull(),
    /** 16 bytes for each delivery; null where all are erased. */
    salts: bytes("salts"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.groupNo] }),
    // Those that retention has to look at, however many were erased before.
    index("inbox_groups_readable").on(t.companyId, t.groupNo).where(sql`${t.salts} is not null`),
    ownCompany(),
    anyCompany(),
  ],
);
export type InboxGroup = typeof inboxGroups.$inferSelect;

export const inboxOutcomes = pgTable(
  "inbox_outcomes",
  {
    companyId: companyId(),
    deliveryId: int8("delivery_id").primaryKey(),
    outcome: text("outcome", { enum: OUTCOMES }).notNull(),
    orderNo: int8("order_no"),
    detail: text("detail"),
    processedAt: moment("processed_at").notNull().defaultNow(),
  },
  (t) => [
    // Most are applied, and those cost nothing here.
    index("inbox_outcomes_not_applied").on(t.companyId, t.outcome, t.deliveryId).where(sql`${t.outcome} <> 'applied'`),
    index("inbox_outcomes_by_order").on(t.companyId, t.orderNo).where(sql`${t.orderNo} is not null`),
    index("inbox_outcomes_order_hints")
      .on(t.companyId, t.deliveryId)
      .where(sql`${t.outcome} = 'hint' and ${t.detail} like 'order %'`),
    among(t.outcome, OUTCOMES),
    ownCompany(),
    anyCompany(),
  ],
);
export type InboxOutcome = typeof inboxOutcomes.$inferSelect;

/** Deliveries that failed and wait for their next attempt. */
export const inboxRetries = pgTable(
  "inbox_retries",
  {
    companyId: companyId(),
    deliveryId: int8("delivery_id").primaryKey(),
    attempts: integer("attempts").notNull(),
    nextAttemptAt: moment("next_attempt_at").notNull(),
    error: text("error").notNull(),
  },
  (t) => [index("inbox_retries_due").on(t.companyId, t.nextAttemptAt), ownCompany(), anyCompany()],
);
export type InboxRetry = typeof inboxRetries.$inferSelect;

/** Up to this delivery all are done: the sweeper starts here. One row, of no company. */
export const inboxFloor = pgTable(
  "inbox_floor",
  {
    onlyRow: boolean("only_row").primaryKey().default(true),
    deliveryId: int8("delivery_id").notNull(),
  },
  (t) => [check("inbox_floor_only_row_check", sql`${t.onlyRow}`)],
);
export type InboxFloor = typeof inboxFloor.$inferSelect;
