import { sql } from "drizzle-orm";
import { boolean, check, pgTable, text } from "drizzle-orm/pg-core";
import { bytes } from "./columns.ts";

/**
 * Which secret key seals what is secret here, by its name, and the key of bodies, sealed with it: whoever opens that has
 * the right key. One row, of no company.
 */
export const hubKey = pgTable(
  "hub_key",
  {
    onlyRow: boolean("only_row").primaryKey().default(true),
    keyId: text("key_id").notNull(),
    bodyKey: bytes("body_key").notNull(),
  },
  (t) => [check("hub_key_only_row_check", sql`${t.onlyRow}`)],
);
export type HubKey = typeof hubKey.$inferSelect;
