import type { Sums } from "../db/query.ts";
import type { Transfer } from "../db/schema/ledger.ts";

/** A balance or a day's figure that is not the sum of what was folded into it, in minor units. */
export type FoldDifference = Sums<"foldedMinor" | "summedMinor"> &
  Pick<Transfer, "currency"> &
  // Such as "account 1 of distributor 7", "2026-11-01, commission", or "net sales of distributor 7, 2026-11-01".
  Record<"what", Transfer["entryKey"]>;
