import { sql } from "drizzle-orm";
import { boolean, index, integer, pgSequence, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { among, byteText, checked, companyId, int8, moment, PLATFORMS, recordedAt } from "./columns.ts";
import { ownCompany } from "./roles.ts";

export const STAGES = ["pending", "earned", "void"] as const;
const REVISION_CAUSES = ["delivery", "api", "remap", "reattribution", "reconcile", "buyer", "first-order"] as const;

export const orderNumbers = pgSequence("order_numbers");

export const orders = pgTable(
  "orders",
  {
    companyId: companyId(),
    orderNo: int8("order_no").notNull(),
    storeId: text("store_id").notNull(),
    platform: text("platform", { enum: PLATFORMS }).notNull(),
    platformOrderId: text("platform_order_id").notNull(),
    orderName: text("order_name").notNull(),
    revision: integer("revision").notNull(),
    revisionAt: moment("revision_at").notNull(),
    revisionTie: text("revision_tie").notNull(),
    stateHash: text("state_hash").notNull(),
    stage: text("stage", { enum: STAGES }).notNull(),
    platformStatus: text("platform_status").notNull(),
    placedAt: moment("placed_at").notNull(),
    currency: text("currency").notNull(),
    totalMinor: int8("total_minor").notNull(),
    netMinor: int8("net_minor").notNull(),
    refundedNetMinor: int8("refunded_net_minor").notNull(),
    /** Null is the house account; `unresolved` then tells whether a code was given that led to nobody. */
    distributorNo: integer("distributor_no"),
    unresolved: boolean("unresolved").notNull().default(false),
    selfPurchase: boolean("self_purchase").notNull().default(false),
    referralCode: text("referral_code"),
    buyerHash: text("buyer_hash"),
    /** Whether its buyer had no older order when it was last decided. */
    firstOrder: boolean("first_order").notNull().default(false),
    quarantinedLines: integer("quarantined_lines").notNull().default(0),
    recordedAt: recordedAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.orderNo] }),
    unique().on(t.companyId, t.storeId, t.platformOrderId),
    // What people list orders by. Each costs every order something: whatever changes while an order lives stands in none of them.
    // By a condition that every row meets: asked for an order by its shop's number, a planner without statistics takes an index that begins like
    // the key for as good as the key, and reads all orders of the shop for each.
    index("orders_by_store").on(t.companyId, t.storeId, t.orderNo).where(sql`${t.orderNo} > 0`),
    index("orders_by_distributor").on(t.companyId, t.distributorNo, t.orderNo).where(sql`${t.distributorNo} is not null`),
    index("orders_to_look_after").on(t.companyId, t.orderNo).where(sql`${t.unresolved} or ${t.quarantinedLines} > 0`),
    // To find one by the beginning of its name.
    index("orders_by_name").on(t.companyId, t.orderName.op("text_pattern_ops")),
    // To count them, however many wait for a SKU.
    index("orders_unresolved").on(t.companyId).where(sql`${t.unresolved}`),
    // Says of blocks of rows what none of them is: for stages that few orders are in, and for what changed lately.
    index("orders_by_blocks").using("brin", t.stage, t.updatedAt).with({ pages_per_range: 32, autosummarize: true }),
    // The orders of a day lie mostly in the same blocks: their time is the shop's, and does not change.
    index("orders_by_day").using("brin", t.placedAt).with({ pages_per_range: 32, autosummarize: true }),
    among(t.stage, STAGES),
    checked(t.currency, sql`${t.currency} ~ '^[A-Z]{3}$'`),
    ownCompany(),
  ],
);
export type Order = typeof orders.$inferSelect;

/**
 * The orders of each buyer, the oldest first: a row for every keyed hash by which an order's buyer is recognised. `tie`
 * orders those of one moment, whatever the order in which they arrived.
 */
export const orderBuyers = pgTable(
  "order_buyers",
  {
    companyId: companyId(),
    buyerHash: text("buyer_hash").notNull(),
    placedAt: moment("placed_at").notNull(),
    tie: byteText("tie").notNull(),
    orderNo: int8("order_no").notNull(),
    /** A void order is nobody's first. */
    counts: boolean("counts").notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.buyerHash, t.placedAt, t.tie] }), ownCompany()],
);
export type OrderBuyer = typeof orderBuyers.$inferSelect;

/**
 * Sales to the recruits of a sponsor, for plans whose pass-up counts them: by plan, and by commission class, "*" being all of them together.
 * Filled in for no other plan.
 */
export const countedSales = pgTable(
  "counted_sales",
  {
    companyId: companyId(),
    sponsorNo: integer("sponsor_no").notNull(),
    planId: text("plan_id").notNull(),
    commissionClass: text("commission_class").notNull(),
    placedAt: moment("placed_at").notNull(),
    tie: byteText("tie").notNull(),
    orderNo: int8("order_no").notNull(),
    /** A void order is no sale, nor is one that is another sponsor's now. */
    counts: boolean("counts").notNull(),
    /** Which sale it was taken for, no higher than one more than the plan asks for. */
    number: integer("number").notNull(),
  },
  (t) => [
    primaryKey({ name: "counted_sales_pk", columns: [t.companyId, t.sponsorNo, t.planId, t.commissionClass, t.placedAt, t.tie] }),
    checked(t.number, sql`${t.number} > 0`),
    ownCompany(),
  ],
);
export type CountedSale = typeof countedSales.$inferSelect;

/** One calculation snapshot per order revision: canonical state, what was locked at first sight, and the entries. Append-only. */
export const orderRevisions = pgTable(
  "order_revisions",
  {
    companyId: companyId(),
    orderNo: int8("order_no").notNull(),
    revision: integer("revision").notNull(),
    deliveryId: int8("delivery_id"),
    cause: text("cause", { enum: REVISION_CAUSES }).notNull(),
    snapshot: text("snapshot").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.orderNo, t.revision] }), among(t.cause, REVISION_CAUSES), ownCompany()],
);
export type OrderRevision = typeof orderRevisions.$inferSelect;

/** What is known of an order besides its newest state: full accounts of its refunds, or that it was deleted. */
export const orderFacts = pgTable(
  "order_facts",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    platformOrderId: text("platform_order_id").notNull(),
    factKey: text("fact_key").notNull(),
    standalone: boolean("standalone").notNull(),
    fact: text("fact").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.storeId, t.platformOrderId, t.factKey] }), ownCompany()],
);
export type OrderFact = typeof orderFacts.$inferSelect;

/** Lines that no SKU mapping covers: they earn nothing until somebody maps them. */
export const quarantine = pgTable(
  "quarantine",
  {
    companyId: companyId(),
    orderNo: int8("order_no").notNull(),
    lineId: text("line_id").notNull(),
    platform: text("platform", { enum: PLATFORMS }).notNull(),
    variantId: text("variant_id"),
    sku: text("sku"),
    name: text("name").notNull(),
    netMinor: int8("net_minor").notNull(),
    currency: text("currency").notNull(),
    /** The currency into which there is no rate, where the line waits for one; null where it waits for a mapping. */
    rateTo: text("rate_to"),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.orderNo, t.lineId] }),
    index("quarantine_by_sku").on(t.companyId, t.platform, t.sku),
    ownCompany(),
  ],
);
export type QuarantinedLine = typeof quarantine.$inferSelect;
