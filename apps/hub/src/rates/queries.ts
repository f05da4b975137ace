import type { DatedRate } from "@upline/core";
import { and, asc, desc, eq } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { before, given, type Listed, query } from "../db/query.ts";
import { exchangeRates } from "../db/schema/rates.ts";

const { rateNo, fromCurrency, toCurrency, rate, validFrom, setBy, recordedAt } = exchangeRates;
const listed = { rateNo, fromCurrency, toCurrency, rate, validFrom, setBy, recordedAt };
export type ListedRate = Listed<typeof listed>;

/** Every rate of a company in the order in which they were set. */
export async function readRates(tx: Tx, companyId: number): Promise<DatedRate[]> {
  const rows = await query(tx)
    .select({ fromCurrency, toCurrency, rate, validFrom })
    .from(exchangeRates)
    .where(eq(exchangeRates.companyId, companyId))
    .orderBy(asc(rateNo));
  return rows.map((row) => ({ from: row.fromCurrency, to: row.toCurrency, rate: row.rate, validFrom: row.validFrom.getTime() }));
}

/** The newest first. */
export function listRates(
  tx: Tx,
  args: { companyId: number; from?: string | undefined; to?: string | undefined; before?: bigint | undefined; limit: number },
): Promise<ListedRate[]> {
  return query(tx)
    .select(listed)
    .from(exchangeRates)
    .where(
      and(
        eq(exchangeRates.companyId, args.companyId),
        given(fromCurrency, args.from),
        given(toCurrency, args.to),
        before(rateNo, args.before),
      ),
    )
    .orderBy(desc(rateNo))
    .limit(args.limit);
}

export async function insertRate(
  tx: Tx,
  companyId: number,
  row: { fromCurrency: string; toCurrency: string; rate: string; validFrom: Date; setBy: string },
): Promise<void> {
  await query(tx)
    .insert(exchangeRates)
    .values({ companyId, ...row });
}
