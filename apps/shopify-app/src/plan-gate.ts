import { z } from "zod";
import { type AdminParts, askAdmin } from "./admin-api.ts";
import type { Env } from "./env.ts";

/** Whether a shop has a plan of the app. Distributors' commissions are no app charges and never pass through here. */
export interface PlanGate {
  check(
    shop: string,
  ): Promise<{ readonly kind: "open"; readonly plan: string | null } | { readonly kind: "choose"; readonly url: string }>;
}

const PLAN_DOCUMENT = `query UplinePlan {
  currentAppInstallation { activeSubscriptions { id name status } }
}`;

const planAnswer = z.object({
  currentAppInstallation: z.object({ activeSubscriptions: z.array(z.object({ name: z.string(), status: z.string() })) }),
});

/** A subscription is asked for again after so long. */
const TRUST_MS = 10 * 60_000;

/** `none`: the app is free, or is paid for elsewhere. */
const noGate: PlanGate = { check: async () => ({ kind: "open", plan: null }) };

/** Shopify App Pricing: plans stand in the partner dashboard; here is only the check, and the way to Shopify's own page of plans. */
function appPricing(parts: AdminParts, appHandle: string): PlanGate {
  const known = new Map<string, { plan: string; until: number }>();
  return {
    async check(shop) {
      const trusted = known.get(shop);
      if (trusted !== undefined && trusted.until > Date.now()) return { kind: "open", plan: trusted.plan };
      const { currentAppInstallation } = await askAdmin(parts, { shop, document: PLAN_DOCUMENT, answer: planAnswer });
      const active = currentAppInstallation.activeSubscriptions.find(({ status }) => status === "ACTIVE");
      if (active === undefined)
        return {
          kind: "choose",
          url: `https://admin.shopify.com/store/${shop.split(".", 1)[0]}/charges/${appHandle}/pricing_plans`,
        };
      if (known.size > 10_000) known.clear();
      known.set(shop, { plan: active.name, until: Date.now() + TRUST_MS });
      return { kind: "open", plan: active.name };
    },
  };
}

export function planGateFor(env: Pick<Env, "planGate" | "appHandle">, parts: AdminParts): PlanGate {
  return env.planGate === "none" ? noGate : appPricing(parts, env.appHandle);
}
