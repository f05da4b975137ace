import { sql } from "drizzle-orm";
import { boolean, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { companyId, filled, int8, moment } from "./columns.ts";
import { companies } from "./companies.ts";
import { ownCompany } from "./roles.ts";

/** What somebody keeps of a table of the console: its filters and columns as they stand in the address, under a name. */
export const savedViews = pgTable(
  "saved_views",
  {
    companyId: companyId().references(() => companies.companyId),
    viewNo: int8("view_no").notNull().generatedAlwaysAsIdentity(),
    /** Which table, by the path of its page. */
    page: text("page").notNull(),
    name: text("name").notNull(),
    /** Whoever kept it: theirs alone unless it is shared. */
    personId: text("person_id").notNull(),
    shared: boolean("shared").notNull(),
    /** The address behind the question mark. */
    query: text("query").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    changedAt: moment("changed_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.viewNo] }),
    filled(t.name),
    filled(t.page),
    uniqueIndex("saved_views_own_name").on(t.companyId, t.page, t.personId, t.name).where(sql`not ${t.shared}`),
    uniqueIndex("saved_views_shared_name").on(t.companyId, t.page, t.name).where(sql`${t.shared}`),
    ownCompany(),
  ],
);
export type SavedView = typeof savedViews.$inferSelect;
