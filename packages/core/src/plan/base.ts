import { z } from "zod";
import { ident, named, share } from "./parts.ts";

/** What a bonus is computed on. */
const baseKind = z.enum(["cv", "net", "pv", "qv", "retail"]);

export const base = z
  .union([
    z.enum(["cv", "net"]),
    z.strictObject({
      of: baseKind.describe("pv and qv are worth money at cvRates, as cv is; retail is the price customers pay"),
      less: z.array(ident).min(1).optional().describe("Bonuses whose pay on the same order is taken off first"),
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

/** The base of a bonus as the engine has it in columns. */
export function baseOf(bonusBase: Base): "cv" | "net" {
  return bonusBase === "net" || (typeof bonusBase === "object" && bonusBase.of === "net") ? "net" : "cv";
}
