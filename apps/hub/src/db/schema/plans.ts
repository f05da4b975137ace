import { integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { companyId, hexHash, json, moment, recordedAt } from "./columns.ts";
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
