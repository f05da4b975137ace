import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Env } from "hono";
import { ERROR_CODES, HubError } from "../errors.ts";

/** Shapes that several routes share. */

/** Paging: `before` is the `next` of the page before. */
export const page = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.string().regex(/^\d+$/, "take it from `next` of the page before").optional(),
});

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem");

/** The problem answers of a route, for its description. */
export function problems<Status extends number>(...statuses: readonly Status[]) {
  const describe = (status: number) => Object.values(ERROR_CODES).find((code) => code.status === status)?.title ?? "Refused";
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: describe(status), content: { "application/problem+json": { schema: problem } } },
    ]),
  ) as Record<Status, { description: string; content: { "application/problem+json": { schema: typeof problem } } }>;
}

/** A Hono whose refused inputs become problem details that name the field. */
export function newRoutes<E extends Env>() {
  return new OpenAPIHono<E>({
    defaultHook: (result) => {
      if (result.success) return;
      const fields = result.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
      throw new HubError("bad-request", `Check ${fields.map((field) => field.path || "the body").join(", ")}.`, { fields });
    },
  });
}
