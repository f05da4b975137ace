import { z } from "zod";
import { ident, named } from "./parts.ts";

/**
 * The trees of a plan by name. A plan that names its trees says of every walk and every measure over people which tree
 * it means; a plan that names none has the tree of who enrolled whom, and the placement trees its bonuses name.
 */
export const trees = z
  .record(
    ident,
    z.discriminatedUnion("is", [
      z.strictObject({ is: z.literal("enrolment") }).describe("Who enrolled whom"),
      z.strictObject({ is: z.literal("placement") }).describe("The stored placement tree of this name"),
    ]),
  )
  .describe("The trees that walks and measures name");

type Trees = z.infer<typeof trees>;

/** The stored placement tree that a walk or measure goes by; null is who enrolled whom. */
export function placementNamed(plan: { readonly trees?: Trees | undefined }, tree: string | undefined): string | null {
  return tree === undefined || plan.trees?.[tree]?.is === "enrolment" ? null : tree;
}

export const treeName = ident
  .optional()
  .meta(named("treeName", "The tree it goes by, one of the plan's trees; absent, in a plan without trees, is who enrolled whom"));
