import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { checked, companyId, filled, int8, moment, recordedAt } from "./columns.ts";
import { companies } from "./companies.ts";
import { ownCompany } from "./roles.ts";

/** Rates of one currency in another, from when on, and who set them. Append-only: a correction of a day is a later row of it. */
export const exchangeRates = pgTable(
  "exchange_rates",
  {
    companyId: companyId().references(() => companies.companyId),
    rateNo: int8("rate_no").notNull().generatedAlwaysAsIdentity(),
    fromCurrency: text("from_currency").notNull(),
    toCurrency: text("to_currency").notNull(),
    /** Of `to` for one of `from`: "1.27151" or "1/1.33333". */
    rate: text("rate").notNull(),
    validFrom: moment("valid_from").notNull(),
    setBy: text("set_by").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.rateNo] }),
    index("exchange_rates_by_pair").on(t.companyId, t.fromCurrency, t.toCurrency),
    checked(t.fromCurrency, sql`${t.fromCurrency} ~ '^[A-Z]{3}$'`),
    checked(t.toCurrency, sql`${t.toCurrency} ~ '^[A-Z]{3}$'`),
    filled(t.rate),
    filled(t.setBy),
    ownCompany(),
  ],
);
export type ExchangeRate = typeof exchangeRates.$inferSelect;
