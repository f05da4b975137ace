import { useCallback } from "react";
import { useSearchParams } from "../framework/client.ts";

/** What Shopify hands over with the first address; a page that is loaded anew needs it. */
const KEPT = ["shop", "host", "locale", "embedded"] as const;

/** Makes an address of the app that keeps what Shopify handed over. */
export function useAddress(): (to: string) => string {
  const [search] = useSearchParams();
  return useCallback(
    (to) => {
      const [path = "", query = ""] = to.split("?");
      const params = new URLSearchParams(query);
      for (const name of KEPT) {
        const value = search.get(name);
        if (value !== null && !params.has(name)) params.set(name, value);
      }
      return `${path}?${params}`;
    },
    [search],
  );
}
