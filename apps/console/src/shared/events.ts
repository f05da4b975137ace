import { useEffect } from "react";
import { queries } from "./hub.ts";

/** What each event of the hub makes old: lists of it are asked for anew where they are shown. */
const OLD: Readonly<Record<string, readonly string[]>> = {
  deliveries: ["orders", "quarantine", "stores", "deliveries", "overview"],
  changes: [
    "orders",
    "quarantine",
    "stores",
    "deliveries",
    "overview",
    "periods",
    "distributors",
    "referrals",
    "audit",
    "people",
  ],
  progress: ["jobs", "stores", "overview", "imports"],
};

/** While a page is open the hub says what changed; a connection that is lost is made again by the browser, and then all is asked anew. */
export function useEvents(slug: string): void {
  useEffect(() => {
    const source = new EventSource(`/api/events?company=${encodeURIComponent(slug)}`);
    let wasOpen = false;
    const renew = (names: readonly string[]) => {
      for (const name of names) void queries.invalidateQueries({ queryKey: [name] });
    };
    source.addEventListener("open", () => {
      if (wasOpen) renew(OLD.changes ?? []);
      wasOpen = true;
    });
    for (const [event, names] of Object.entries(OLD)) source.addEventListener(event, () => renew(names));
    return () => source.close();
  }, [slug]);
}
