import { z } from "zod";
import { bonusCommon, money, share } from "./parts.ts";

/** A sum shared by units among those who qualify, at the close; spare cents by largest remainder. Section 7. */
export const poolBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("pool"),
  snapshot: z.literal("close"),
  /** A share of the company's CV of the period, or a fixed amount. */
  size: z.discriminatedUnion("by", [
    z.strictObject({ by: z.literal("share"), share }),
    z.strictObject({ by: z.literal("amount"), amount: money }),
  ]),
  /** Units by rank ("*" for every rank not named), or one unit per volume unit of own or group PV. */
  units: z.discriminatedUnion("by", [
    z.strictObject({ by: z.literal("rank"), units: z.record(z.string().min(1).max(63), z.int().min(0).max(1_000_000)) }),
    z.strictObject({ by: z.literal("volume"), volume: z.enum(["pv", "gv"]) }),
  ]),
  withoutQualifiers: z.enum(["roll-over", "company"]),
});
export type PoolBonus = z.infer<typeof poolBonus>;
