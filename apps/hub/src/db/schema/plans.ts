import { foreignKey, integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { companyId, filled, hexHash, int8, json, moment, recordedAt } from "./columns.ts";
import { companies } from "./companies.ts";
import { ownCompany } from "./roles.ts";

/** Published versions of compensation plans. Append-only. */
export const plans = pgTable(
  "plans",
  {
    companyId: companyId().references(() => companies.companyId),
    planHash: text("plan_hash").notNull(),
    planId: text("plan_id").notNull(),
    version: integer("version").notNull(),
    document: json("document").notNull(),
    effectiveFrom: moment("effective_from").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.planHash] }),
    unique().on(t.companyId, t.planId, t.version),
    hexHash(t.planHash),
    ownCompany(),
  ],
);
export type PublishedPlan = typeof plans.$inferSelect;

/** A published version that was dated anew, or withdrawn, before it was used: the newest row counts. Append-only. */
export const planDates = pgTable(
  "plan_dates",
  {
    companyId: companyId(),
    dateNo: int8("date_no").notNull().generatedAlwaysAsIdentity(),
    planHash: text("plan_hash").notNull(),
    /** Null: withdrawn. */
    effectiveFrom: moment("effective_from"),
    actor: text("actor").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.planHash, t.dateNo] }),
    foreignKey({
      name: "plan_dates_plan",
      columns: [t.companyId, t.planHash],
      foreignColumns: [plans.companyId, plans.planHash],
    }),
    filled(t.actor),
    ownCompany(),
  ],
);
