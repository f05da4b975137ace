import { useEffect } from "react";

/** Says once, in Shopify's own way, what an action came to. `after` is the action's answer: each new one is said. */
export function useToast(after: object | undefined, said: { readonly text: string; readonly isError?: boolean } | null): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is said belongs to the answer, and is said once for it
  useEffect(() => {
    if (after && said) window.shopify?.toast?.show(said.text, { isError: said.isError ?? false });
  }, [after]);
}
