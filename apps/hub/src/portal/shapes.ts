import { z } from "@hono/zod-openapi";
import { formatVolume } from "@upline/core";
import { currencyText, decimal, distributorText, time } from "../http/shapes.ts";
import type { Span } from "./spans.ts";

/** Shapes that several of the portal's routes share. */

export const tags = ["Portal"];

export const span = z
  .object({
    name: z.string().openapi({ example: "2026-07" }),
    period_id: z.string().nullable().openapi({ description: "The hub's period of these days; null where none is open yet" }),
    state: z.enum(["open", "closing", "closed"]).nullable(),
    starts_at: time,
    ends_at: time.openapi({ description: "The first moment after it" }),
  })
  .openapi("PortalSpan");

export const spanName = z
  .string()
  .max(40)
  .optional()
  .openapi({ example: "2026-06", description: "A closed period, by its name; the present one where it is left out" });

export function spanAnswer({ name, startsAt, endsAt, period }: Span): z.infer<typeof span> {
  return {
    name,
    period_id: period === null ? null : String(period.periodNo),
    state: period?.state ?? null,
    starts_at: startsAt.toISOString(),
    ends_at: endsAt.toISOString(),
  };
}

export const money = z.object({ currency: currencyText, amount: decimal });

/** Somebody of one's team, as far as the company lets them be seen. */
export const teammate = z
  .object({
    distributor_id: distributorText,
    name: z.string().nullable().openapi({ description: "Null where the company keeps names to their own sponsor" }),
  })
  .openapi("Teammate");

/** Ten-thousandths as decimal text. */
export const volumeText = (units: number): string => formatVolume(BigInt(Math.round(units)));
export const volume = z.string().openapi({ example: "1127", description: "Volume as decimal text" });
