import { type RefObject, useEffect } from "react";
import { useSubmit } from "../framework/client.ts";

/**
 * Where an action answers that it needs permissions, asks the merchant for them in Shopify's own way, and sends the form
 * again once they are given.
 */
export function useGrant(answered: object | undefined, form: RefObject<HTMLFormElement>): void {
  const submit = useSubmit();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer asks once
  useEffect(() => {
    const needs = answered && "needs" in answered ? answered.needs : null;
    if (!Array.isArray(needs) || form.current === null) return;
    const again = new FormData(form.current);
    again.set("granted", "1");
    void window.shopify?.scopes?.request(needs).then(({ result }) => {
      if (result === "granted-all") submit(again, { method: "post" });
    });
  }, [answered]);
}
