import { z } from "zod";
import { planDocument } from "./schema.ts";

/**
 * The plan language as JSON Schema (draft 2020-12), so that an editor completes a plan and marks what is wrong
 * while it is typed. It knows every field and value by itself; what one part of a plan says of another, such as
 * that a bonus names a class which exists, only `parsePlan` checks.
 */
export function planJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(planDocument, { io: "input" });
  return { $schema, title: "Upline compensation plan", ...schema };
}
