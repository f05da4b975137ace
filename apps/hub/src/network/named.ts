import { z } from "@hono/zod-openapi";
import type { Tx } from "../db/connect.ts";
import type { Caller } from "../http/auth.ts";
import { distributorText } from "../http/shapes.ts";
import { namesOf } from "./queries.ts";

export const named = z
  .object({
    distributor_id: distributorText,
    name: z.string().nullable().openapi({ description: "With the scope `admin` only" }),
  })
  .openapi("NamedDistributor");

/** Who is meant by a number; null for 0, the company. Names go to whoever may read them. */
export async function namesFor(tx: Tx, { companyId, scopes }: Caller, distributorNos: readonly number[]) {
  const found = await namesOf(tx, { companyId, distributorNos: [...new Set(distributorNos)] });
  return (no: number): z.infer<typeof named> | null => {
    const known = found.get(no);
    if (known === undefined) return null;
    return { distributor_id: known.distributorId, name: scopes.includes("admin") && known.name !== "" ? known.name : null };
  };
}
