import { z } from "zod";
import { ident, named, share } from "./parts.ts";

/** What a bonus is computed on. */
const baseKind = z.enum(["cv", "net", "pv", "qv", "retail"]);
export type BaseKind = z.infer<typeof baseKind>;

export const base = z
  .union([
    z.enum(["cv", "net"]),
    z.strictObject({
      of: baseKind.describe("pv and qv are worth money at cvRates, as cv is; retail is the price before discounts, without tax"),
      less: z
        .array(ident)
        .min(1)
        .optional()
        .describe("Order-time bonuses: what they paid distributors on the same order line is taken off first"),
      partOf: z
        .strictObject({
          window: ident.describe("A fast start"),
          share: share.describe("What of the base counts on orders inside its window"),
        })
        .optional()
        .describe("Only a part of the base while a fast start runs; the fast start then does not name this bonus in replaces"),
    }),
  ])
  .meta(named("base", "What a bonus is computed on: money for CV, net, or a base with deductions"));
export type Base = z.infer<typeof base>;

/** What a base is a part of. */
export function baseOf(bonusBase: Base): BaseKind {
  return typeof bonusBase === "string" ? bonusBase : bonusBase.of;
}

/** Whether it is an order's own money; else it is volume, which is worth money at `cvRates`. */
export function isMoney(kind: BaseKind): kind is "net" | "retail" {
  return kind === "net" || kind === "retail";
}

/** A base that what other bonuses paid is taken off. */
export type LessBase = Exclude<Base, string> & { readonly less: readonly string[] };

export function isLess(base: Base | null): base is LessBase {
  return typeof base === "object" && base?.less !== undefined;
}
