import { type Column, type SQL, sql } from "drizzle-orm";

/**
 * The one rule of "as of", for sponsors, standings and places alike: what counts at a time is the latest row that is valid
 * from then or before; of two from the same moment the one recorded later; and before the first row, the first.
 *
 * An ORDER BY whose first row is the one that counts. `serial` numbers the rows in the order they were recorded.
 */
export function asOf({ validFrom, serial }: { validFrom: Column; serial: Column }, at: Date): SQL {
  const moment = sql`${at.toISOString()}::timestamptz`;
  return sql`${validFrom} <= ${moment} desc, case when ${validFrom} <= ${moment} then ${validFrom} end desc,
    case when ${validFrom} <= ${moment} then ${serial} end desc, ${validFrom}, ${serial}`;
}
