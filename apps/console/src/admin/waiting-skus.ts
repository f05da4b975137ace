import { useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { hub } from "../shared/hub.ts";
import { Turns } from "../shared/turns.ts";

/** Products that wait for a mapping, as what they might be mapped, and what that would pay. */

export type Waiting = BodyOf<Awaited<ReturnType<typeof hub.quarantine.$get>>>["items"][number];
export type Suggestion = BodyOf<Awaited<ReturnType<typeof hub.quarantine.suggestions.$get>>>["items"][number];
type Platform = "shopify" | "woocommerce" | "magento";

/** What one mapping is for: a product that waits in several currencies or variants under one SKU is chosen as a whole. */
export const productOf = (one: Pick<Waiting, "platform" | "platform_sku" | "variant_id">) =>
  `${one.platform} ${one.platform_sku ?? one.variant_id}`;
/** Nothing is mapped by its name: a product without a number of its own has to get one in its shop. */
export const isMappable = (one: Waiting) => (one.platform_sku ?? one.variant_id) !== null && one.waits_for === "a SKU mapping";
/** Whether it is the same product by its SKU; else it is a hint. */
export const isSure = ({ reason }: Suggestion) => reason === "same-sku" || reason === "own-sku";

/** As many as the hub tells of at once. */
const MOST = 500;

/** What is suggested for the products of a list that is that long, by product; undefined until it is known. */
export function useSuggestions(listed: number) {
  const limit = String(Math.min(MOST, Math.max(100, listed)));
  const { data, error, refetch } = useQuery({
    queryKey: ["quarantine", "suggestions", limit],
    enabled: listed > 0,
    queryFn: () => answerOf(hub.quarantine.suggestions.$get({ query: { limit } })),
  });
  const suggestions = data && new Map(data.items.map((one) => [productOf(one), one]));
  return { suggestions, error, refetch };
}

/** What a product is mapped as: one class and volume for all that are chosen, or each as suggested. */
export type MappedAs =
  | { readonly commissionClass: string; readonly volume: string }
  | { readonly each: ReadonlyMap<string, Suggestion> };

/** The mappings that are saved, one for each product. */
export function mappingsOf(picked: readonly Waiting[], as: MappedAs) {
  const products = new Map(picked.map((one) => [productOf(one), one]));
  return [...products].flatMap(([key, one]) => {
    const product = {
      platform: one.platform as Platform,
      platform_sku: one.platform_sku ?? "",
      ...(one.platform_sku === null && { variant_id: one.variant_id }),
      name: one.name,
      category: "",
    };
    if (!("each" in as)) {
      const own = one.platform_sku ?? `${one.platform}-${one.variant_id}`;
      return [{ ...product, sku_id: own, commission_class: as.commissionClass, pv: as.volume }];
    }
    const suggestion = as.each.get(key);
    if (suggestion === undefined) return [];
    const { sku_id, commission_class, pv, qv, cv, retail_margin } = suggestion;
    return [{ ...product, sku_id, commission_class, pv, qv, cv, retail_margin }];
  });
}

export type NewMapping = ReturnType<typeof mappingsOf>[number];

export const lookAtPay = (rows: readonly NewMapping[], signal?: AbortSignal) =>
  answerOf(hub["sku-map"].preview.$post({ json: { rows: [...rows] } }, signal && { init: { signal } }));

// One at a time: each goes through up to a thousand orders, and the page's other questions must not wait behind all of them.
const turns = new Turns();

/** What one product would pay as it is suggested, asked for once somebody sees it, and anew when other orders wait for it. */
export function useWouldPay(row: NewMapping, { isSeen, waiting }: { isSeen: boolean; waiting: string }) {
  return useQuery({
    // Not a part of the quarantine: what arrives for other products would ask for all of them again.
    queryKey: ["would-pay", row, waiting],
    enabled: isSeen,
    staleTime: 60_000,
    queryFn: ({ signal }) => turns.take(() => lookAtPay([row], signal), signal),
  });
}
