import { answerOf, type HubClient } from "@upline/hub/client";
import { z } from "zod";
import { isInForce } from "./plans.ts";
import type { Option } from "./ui/fields.tsx";

/** Products of the shop that wait for a commission class, and what is known of them: all of it the hub's. */

const commissionClasses = z.array(z.object({ id: z.string(), name: z.string().optional() }));

const SHOWN = 25;
const MAPPED_SHOWN = 20;

export interface Suggestion {
  readonly skuId: string;
  readonly className: string;
  readonly volume: string;
}

export interface WaitingProduct {
  /** `sku:…` or `variant:…`: by what it will be mapped. */
  readonly key: string;
  readonly sku: string;
  readonly name: string;
  readonly orders: number;
  readonly net: string;
  readonly currency: string;
  /** It is mapped, and waits for an exchange rate. */
  readonly waitsForRate: boolean;
  readonly suggestion: Suggestion | null;
}

export async function readProducts(hub: HubClient, before: string | null) {
  const page = { platform: "shopify" as const, limit: String(SHOWN), ...(before ? { before } : {}) };
  const [quarantine, mapped, classes] = await Promise.all([
    answerOf(hub.quarantine.$get({ query: page })),
    answerOf(hub["sku-map"].$get({ query: { platform: "shopify", limit: String(MAPPED_SHOWN) } })),
    readClasses(hub),
  ]);
  const waiting = await Promise.all(
    quarantine.items.map(async (product): Promise<WaitingProduct> => {
      const { platform_sku: sku, variant_id: variant, name, orders, net, currency, waits_for } = product;
      return {
        key: sku ? `sku:${sku}` : `variant:${variant ?? ""}`,
        sku: sku ?? variant ?? "",
        ...{ name, orders, net, currency },
        waitsForRate: waits_for !== "a SKU mapping",
        suggestion: sku ? await suggest(hub, sku) : null,
      };
    }),
  );
  return {
    waiting,
    next: quarantine.next,
    classes,
    mapped: mapped.items.map((row) => ({
      key: `${row.platform_sku} ${row.variant_id ?? ""} ${row.valid_from}`,
      name: row.name,
      sku: row.platform_sku || (row.variant_id ?? ""),
      className: row.commission_class,
      volume: row.pv,
    })),
  };
}

/** The same SKU mapped elsewhere, as in another shop of the company; nothing is ever guessed from a name. */
async function suggest(hub: HubClient, sku: string): Promise<Suggestion | null> {
  const { items } = await answerOf(hub["sku-map"].$get({ query: { platform_sku: sku, limit: "1" } }));
  const [known] = items;
  return known === undefined ? null : { skuId: known.sku_id, className: known.commission_class, volume: known.pv };
}

/** The commission classes of the plan that is in force; none where there is no plan. */
async function readClasses(hub: HubClient): Promise<Option[]> {
  const { items } = await answerOf(hub.plans.$get());
  const plan = items.find((version) => isInForce(version));
  if (plan === undefined) return [];
  const { document } = await answerOf(hub.plans[":plan_hash"].$get({ param: { plan_hash: plan.plan_hash } }));
  const read = commissionClasses.safeParse(document.commissionClasses);
  return read.success ? read.data.map(({ id, name }) => ({ value: id, label: name ?? id })) : [];
}

export interface NewMapping {
  readonly sku_id: string;
  readonly platform: "shopify";
  readonly platform_sku: string;
  readonly variant_id?: string;
  readonly name: string;
  readonly commission_class: string;
  readonly pv: string;
}

/** What the form says of each product that was selected; one without a class takes that of all, or is left out. */
export function mappingsFrom(form: FormData): NewMapping[] {
  const said = (name: string) => String(form.get(name) ?? "").trim();
  return form.getAll("product").flatMap((value) => {
    const key = String(value);
    const [kind, id = ""] = [key.slice(0, key.indexOf(":")), key.slice(key.indexOf(":") + 1)];
    const commission_class = said("class") || said(`class ${key}`);
    const pv = said("volume") || said(`volume ${key}`) || "100%";
    if (id === "" || commission_class === "") return [];
    const name = said(`name ${key}`) || id;
    const row = { platform: "shopify" as const, name, commission_class, pv };
    return kind === "variant"
      ? [{ ...row, sku_id: said(`sku ${key}`) || id, platform_sku: "", variant_id: id }]
      : [{ ...row, sku_id: said(`sku ${key}`) || id, platform_sku: id }];
  });
}
