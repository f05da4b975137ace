import { asCompanyAtLength, type Database } from "./connect.ts";

/**
 * Lets PostgreSQL look at tables that were filled since it looked last, after what fills many at once: an import, a booking, a close.
 * Its own round comes a minute later at the earliest, and what is asked meanwhile would be planned for tables that hold next to
 * nothing. Never fails whoever called: what they did is committed, and the round comes anyway.
 */
export async function analyzeFilled(db: Pick<Database, "long">, companyId: number): Promise<void> {
  await asCompanyAtLength(db, companyId, (tx) => tx`select analyze_filled()`).catch(() => {});
}
