import { currencyExponent } from "@upline/core";
import type { WooClient } from "./client.ts";
import { objectsOf } from "./walk.ts";

/** What has to be known of a store before its money is read. */
export interface StoreFacts {
  readonly currency: string;
  /** Decimals the store calculates and shows: amounts in REST and in webhooks have as many. */
  readonly decimals: number;
  /** What a person should know, in words; empty where all is well. */
  readonly warnings: readonly string[];
}

/** Asks for currency and decimals; also the first use of a new key, which shows that it works. */
export async function readStoreFacts(client: WooClient): Promise<StoreFacts> {
  const answer = await client.get("settings/general");
  const setting = (id: string) => objectsOf(answer.body).find((one) => one.id === id)?.value;
  const currency = String(setting("woocommerce_currency") ?? "");
  const decimals = Number(setting("woocommerce_price_num_decimals") ?? Number.NaN);
  const exponent = currencyExponent(currency);
  const warnings =
    decimals < exponent
      ? [
          `The store shows ${currency} with ${decimals} of ${exponent} decimals: line amounts come rounded, and commissions are computed from what is shown.`,
        ]
      : [];
  return { currency, decimals, warnings };
}
