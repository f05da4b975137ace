import { sql } from "drizzle-orm";
import { boolean, char, check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { among, checked, companyId, filled, int8, moment, recordedAt } from "./columns.ts";
import { companies } from "./companies.ts";
import { distributors } from "./network.ts";
import { ownCompany } from "./roles.ts";

export const PERIOD_STATES = ["open", "closing", "closed"] as const;
export const VOLUME_KINDS = ["order", "late", "shadow", "written-off", "adjustment"] as const;
export const DIRECTIVE_KINDS = ["override", "constraint"] as const;

export const periods = pgTable(
  "periods",
  {
    companyId: companyId().references(() => companies.companyId),
    periodNo: integer("period_no").notNull(),
    planId: text("plan_id").notNull(),
    /** Which of the plan's calendars it is a period of; empty where the plan has none. */
    calendar: text("calendar").notNull().default(""),
    /** What people call it, such as 2026-06, or week/2026-06-01 where the plan has calendars. */
    name: text("name").notNull(),
    startsAt: moment("starts_at").notNull(),
    endsAt: moment("ends_at").notNull(),
    timeZone: text("time_zone").notNull(),
    /** Every amount of its close. */
    currency: char("currency", { length: 3 }).notNull(),
    state: text("state", { enum: PERIOD_STATES }).notNull().default("open"),
    openedBy: text("opened_by").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.periodNo] }),
    unique().on(t.companyId, t.planId, t.calendar, t.startsAt),
    unique().on(t.companyId, t.planId, t.name),
    index("periods_closing").on(t.companyId).where(sql`${t.state} = 'closing'`),
    checked(t.periodNo, sql`${t.periodNo} > 0`),
    filled(t.name),
    checked(t.endsAt, sql`${t.endsAt} > ${t.startsAt}`),
    checked(t.currency, sql`${t.currency} ~ '^[A-Z]{3}$'`),
    among(t.state, PERIOD_STATES),
    ownCompany(),
  ],
);
export type Period = typeof periods.$inferSelect;

/**
 * Volumes are booked to periods like value is booked to accounts: by difference, never changed. An order's volume
 * goes to the period it was placed in while that is open; what comes later goes where its plan says. Append-only.
 *   order        to the order's own period
 *   late         to the next open period: late orders, edits, and refunds under "volume-only-next-period"
 *   shadow       to a closed period, for its next run: refunds under "reverse-delta"
 *   written-off  to no period: refunds under "write-off"
 *   adjustment   an admin's, with its reason
 */
export const volumeEntries = pgTable(
  "volume_entries",
  {
    companyId: companyId().references(() => companies.companyId),
    /** Given under the company's lock, so that everything up to a number is complete. */
    entryNo: int8("entry_no").notNull().generatedAlwaysAsIdentity(),
    periodNo: integer("period_no"),
    /** Each calendar of a plan has bookings of its own; empty where the plan has none. */
    calendar: text("calendar").notNull().default(""),
    kind: text("kind", { enum: VOLUME_KINDS }).notNull(),
    orderNo: int8("order_no"),
    revision: integer("revision"),
    distributorNo: integer("distributor_no").notNull(),
    commissionClass: text("commission_class").notNull(),
    market: text("market").notNull(),
    selfPurchase: boolean("self_purchase").notNull(),
    /** The fast starts that were open on this order, by id, with commas between: they take the place of other bonuses. */
    openFastStarts: text("open_fast_starts").notNull().default(""),
    currency: char("currency", { length: 3 }).notNull(),
    /** Ten-thousandths; net in minor units. */
    pv: int8("pv").notNull(),
    qv: int8("qv").notNull(),
    cv: int8("cv").notNull(),
    netMinor: int8("net_minor").notNull(),
    /** Of its order, where the plan's measures ask: see `OrderFacts`. Null where it does not, and of adjustments. */
    subscription: boolean("subscription"),
    firstOrder: boolean("first_order"),
    buyer: text("buyer"),
    /** Pieces, ten-thousandths. */
    items: int8("items"),
    /** Goods before discounts, minor units; null where no close of the order's plan asks for it. */
    retailMinor: int8("retail_minor"),
    /** By close bonus what is taken off its base, minor units; null where the order's plan has none such. */
    lessMinor: jsonb("less_minor").$type<Readonly<Record<string, string>>>(),
    effectiveAt: moment("effective_at").notNull(),
    actor: text("actor"),
    reason: text("reason"),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.entryNo] }),
    foreignKey({
      name: "volume_entries_period",
      columns: [t.companyId, t.periodNo],
      foreignColumns: [periods.companyId, periods.periodNo],
    }),
    index("volume_entries_by_period").on(t.companyId, t.periodNo, t.entryNo),
    index("volume_entries_by_distributor").on(t.companyId, t.distributorNo, t.periodNo),
    index("volume_entries_by_order").on(t.companyId, t.orderNo).where(sql`${t.orderNo} is not null`),
    among(t.kind, VOLUME_KINDS),
    check("volume_entries_period_check", sql`(${t.periodNo} is null) = (${t.kind} = 'written-off')`),
    check("volume_entries_order_check", sql`(${t.orderNo} is null) = (${t.kind} = 'adjustment')`),
    check(
      "volume_entries_adjustment_check",
      sql`${t.kind} <> 'adjustment' or (${t.actor} is not null and ${t.reason} is not null)`,
    ),
    check("volume_entries_facts_check", sql`num_nulls(${t.subscription}, ${t.firstOrder}, ${t.buyer}, ${t.items}) in (0, 4)`),
    ownCompany(),
  ],
);
export type VolumeEntry = typeof volumeEntries.$inferSelect;

/** Up to which revision an order's volumes are booked, in each calendar of its plan. */
export const volumeHeads = pgTable(
  "volume_heads",
  {
    companyId: companyId(),
    orderNo: int8("order_no").notNull(),
    calendar: text("calendar").notNull().default(""),
    revision: integer("revision").notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.orderNo, t.calendar] }), ownCompany()],
);
export type VolumeHead = typeof volumeHeads.$inferSelect;

/**
 * An admin's decision about a rank: "override" sets it, "constraint" keeps it from rising above.
 * The newest of each kind counts. Append-only.
 */
export const rankDirectives = pgTable(
  "rank_directives",
  {
    companyId: companyId(),
    directiveNo: int8("directive_no").notNull().generatedAlwaysAsIdentity(),
    distributorNo: integer("distributor_no").notNull(),
    kind: text("kind", { enum: DIRECTIVE_KINDS }).notNull(),
    /** Rank id of the plan; null is no rank. */
    rank: text("rank"),
    validFrom: moment("valid_from").notNull(),
    validUntil: moment("valid_until").notNull(),
    reason: text("reason").notNull(),
    actor: text("actor").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.directiveNo] }),
    foreignKey({
      name: "rank_directives_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    among(t.kind, DIRECTIVE_KINDS),
    filled(t.reason),
    ownCompany(),
  ],
);
export type RankDirective = typeof rankDirectives.$inferSelect;

/**
 * What a close reads, fixed: everything recorded up to these marks and nothing after.
 * The same lock gives the same bytes. Append-only.
 */
export const periodLocks = pgTable(
  "period_locks",
  {
    companyId: companyId(),
    lockNo: int8("lock_no").notNull().generatedAlwaysAsIdentity(),
    periodNo: integer("period_no").notNull(),
    planHash: text("plan_hash").notNull(),
    volumeUpto: int8("volume_upto").notNull(),
    directoryVersion: int8("directory_version").notNull(),
    distributors: integer("distributors").notNull(),
    directiveUpto: int8("directive_upto").notNull(),
    /** The run of the period before, whose ranks and carried volumes this one starts from. */
    afterRun: int8("after_run"),
    /** Runs up to this one count where a close goes by those of other calendars. */
    runUpto: int8("run_upto").notNull().default(sql`0`),
    actor: text("actor").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.lockNo] }),
    foreignKey({
      name: "period_locks_period",
      columns: [t.companyId, t.periodNo],
      foreignColumns: [periods.companyId, periods.periodNo],
    }),
    ownCompany(),
  ],
);
export type PeriodLock = typeof periodLocks.$inferSelect;

/** What order-time bonuses paid until a lock and no earlier period has matched: for matching bonuses of the close. Append-only. */
export const periodEarnings = pgTable(
  "period_earnings",
  {
    companyId: companyId(),
    lockNo: int8("lock_no").notNull(),
    bonusId: text("bonus_id").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    amount: int8("amount").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.lockNo, t.bonusId, t.distributorNo] }),
    foreignKey({
      name: "period_earnings_lock",
      columns: [t.companyId, t.lockNo],
      foreignColumns: [periodLocks.companyId, periodLocks.lockNo],
    }),
    ownCompany(),
  ],
);
export type PeriodEarning = typeof periodEarnings.$inferSelect;

/**
 * Where people lived when a lock was taken, in pages of a thousand: countries may be corrected, and a close must come to the
 * same for ever. Only of plans that ask for countries. Append-only.
 */
export const lockedCountries = pgTable(
  "locked_country_pages",
  {
    companyId: companyId(),
    lockNo: int8("lock_no").notNull(),
    page: integer("page").notNull(),
    distributorNo: integer("distributor_no").array().notNull(),
    /** "" is nowhere known. */
    country: text("country").array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.lockNo, t.page] }),
    foreignKey({
      name: "locked_country_pages_lock",
      columns: [t.companyId, t.lockNo],
      foreignColumns: [periodLocks.companyId, periodLocks.lockNo],
    }),
    check("locked_country_pages_even_columns", sql`cardinality(${t.country}) = cardinality(${t.distributorNo})`),
    ownCompany(),
  ],
);
