import { sql } from "drizzle-orm";
import { date, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { checked, companyId, int8 } from "./columns.ts";
import { ownCompany } from "./roles.ts";

/**
 * By how much orders changed the net sales of their days, until it is folded (`orders/net-sales.ts`). The database's own trigger
 * on `orders` writes it, so that no writer can forget to: of each statement one row for each shop and currency, whose arrays hold
 * one element for each distributor and day. A row that is folded is taken away in the same transaction.
 */
export const netSalesChanges = pgTable(
  "net_sales_changes",
  {
    companyId: companyId(),
    changeNo: int8("change_no").notNull().generatedAlwaysAsIdentity(),
    storeId: text("store_id").notNull(),
    currency: text("currency").notNull(),
    /** 0 where an order is nobody's. */
    distributorNos: integer("distributor_nos").array().notNull(),
    /** UTC's, on which the order was placed. */
    days: date("days").array().notNull(),
    /** Minor units: what the order counts for now, less what it counted for before. */
    amounts: int8("amounts").array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.changeNo] }), ownCompany()],
);

/**
 * What the folded changes of each shop's day come to: the sum over its earned orders placed on that day (UTC) of their net less what
 * was refunded of it, in minor units. A company's day is the sum of its shops'.
 */
export const foldedStoreNetSales = pgTable(
  "folded_store_net_sales",
  {
    companyId: companyId(),
    storeId: text("store_id").notNull(),
    day: date("day").notNull(),
    currency: text("currency").notNull(),
    amount: int8("amount").notNull(),
  },
  (t) => [primaryKey({ name: "folded_store_net_sales_pk", columns: [t.companyId, t.day, t.storeId, t.currency] }), ownCompany()],
);

/** The same of the orders that belong to each distributor. */
export const foldedDistributorNetSales = pgTable(
  "folded_distributor_net_sales",
  {
    companyId: companyId(),
    amount: int8("amount").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    day: date("day").notNull(),
    currency: text("currency").notNull(),
  },
  (t) => [
    primaryKey({ name: "folded_distributor_net_sales_pk", columns: [t.companyId, t.distributorNo, t.day, t.currency] }),
    checked(t.distributorNo, sql`${t.distributorNo} > 0`),
    ownCompany(),
  ],
);
export type FoldedNetSales = typeof foldedStoreNetSales.$inferSelect;
