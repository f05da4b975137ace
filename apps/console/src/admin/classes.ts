import { useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { z } from "zod";
import { hub } from "../shared/hub.ts";

const classes = z.array(z.object({ id: z.string(), name: z.string().optional() }));

export interface CommissionClass {
  readonly id: string;
  readonly name: string;
}

/** The commission classes of the plan in force, which a SKU can be mapped to. */
export function useClasses(): readonly CommissionClass[] {
  const { data } = useQuery({ queryKey: ["plan", "in-force"], queryFn: planInForce, staleTime: 60_000 });
  const found = classes.safeParse(data?.document.commissionClasses);
  return found.success ? found.data.map(({ id, name = id }) => ({ id, name })) : [];
}

/** The version that judges an order of this moment; null before the first. */
export async function planInForce() {
  const { items } = await answerOf(hub.plans.$get());
  const now = new Date().toISOString();
  const version = items.find(({ effective_from: from }) => from !== null && from <= now);
  return version === undefined ? null : answerOf(hub.plans[":plan_hash"].$get({ param: { plan_hash: version.plan_hash } }));
}
