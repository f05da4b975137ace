import { z } from "@hono/zod-openapi";
import type { Reason } from "@upline/core";

const part: z.ZodType<Reason, Reason> = z.lazy(() => reasonShape);

/**
 * Why something is as it is, before any language. The text beside it is the same in English; whoever shows another language goes
 * by the kind and the figures.
 */
export const reasonShape = z
  .object({
    kind: z.string().openapi({ example: "why-pv", description: "What kind of reason; more kinds come as plans learn more" }),
    facts: z.record(z.string(), z.string()).openapi({
      example: { rank: "Silver", neededPv: "100", hadPv: "80", shortPv: "20" },
      description: "Its figures by name: decimals, names, ids, days",
    }),
    parts: z.array(part).optional().openapi({ description: "The reasons that it is made of, in order" }),
  })
  .openapi("Reason") as unknown as z.ZodType<Reason, Reason>;
