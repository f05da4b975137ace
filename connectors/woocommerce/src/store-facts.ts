import { currencyExponent, isObject, StoreError, type StoreFacts } from "@upline/core";
import type { WooClient } from "./client.ts";
import { objectsOf } from "./walk.ts";

/**
 * Asks for currency, decimals and version; also the first use of a new key, which shows that it works.
 * A WooCommerce key does not reach WordPress's own settings, where name and time zone are.
 */
export async function readStoreFacts(client: WooClient): Promise<StoreFacts> {
  const answer = await client.get("settings/general");
  const setting = (id: string) => objectsOf(answer.body).find((row) => row.id === id)?.value;
  const currency = String(setting("woocommerce_currency") ?? "");
  const decimals = Number(setting("woocommerce_price_num_decimals") ?? Number.NaN);
  if (!/^[A-Z]{3}$/.test(currency) || !Number.isInteger(decimals))
    throw new StoreError("refused", "The store does not tell its currency and decimals: is WooCommerce set up at this address?");
  const exponent = currencyExponent(currency);
  const warnings =
    decimals < exponent
      ? [
          `The store shows ${currency} with ${decimals} of ${exponent} decimals: its own webhooks bring amounts rounded like that, until reconciliation has read them in full.`,
        ]
      : [];
  return { name: null, currency, decimals, timeZone: null, version: await readVersion(client), warnings };
}

/** By this field alone: the rest of the report makes WordPress call other sites first. */
async function readVersion(client: WooClient): Promise<string | null> {
  try {
    const { body } = await client.get("system_status", { _fields: "environment.version" });
    const environment = isObject(body) ? body.environment : null;
    return isObject(environment) && typeof environment.version === "string" ? environment.version : null;
  } catch (error) {
    // Good to know, and no reason to refuse a key that reads what is needed.
    if (error instanceof StoreError) return null;
    throw error;
  }
}
