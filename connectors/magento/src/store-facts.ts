import { currencyExponent, isObject, StoreError, type StoreFacts } from "@upline/core";
import type { MagentoClient } from "./client.ts";
import { search } from "./search.ts";

const MODULE = "Upline_Connector";

/**
 * Asks for currency and time zone; also the first use of new keys, which shows that they work: each list that is read later is
 * looked at, so that a permission that is missing is named now, and not by the first comparison.
 */
export async function readStoreFacts(client: MagentoClient): Promise<StoreFacts> {
  const { body } = await client.get("store/storeConfigs");
  const views = Array.isArray(body) ? body.filter(isObject) : [];
  const [first] = views;
  const currency = String(first?.base_currency_code ?? "");
  if (first === undefined || !/^[A-Z]{3}$/.test(currency))
    throw new StoreError("refused", "The store does not tell its currency: is Magento set up at this address?");
  for (const path of ["orders", "invoices", "creditmemos"] as const) await look(client, path);
  const currencies = [...new Set(views.map(({ base_currency_code }) => String(base_currency_code)))].sort();
  const warnings = [
    ...(currencies.length > 1
      ? [`The shop's websites sell in ${currencies.join(", ")}: each order counts in the base currency of its own website.`]
      : []),
    ...((await hasModule(client)) === false
      ? [
          `The shop does not have the module ${MODULE}, or it is switched off: orders come without the code of whoever referred them, and are only read when they are compared.`,
        ]
      : []),
    ...(await productsProblem(client)),
  ];
  const timeZone = typeof first.timezone === "string" && first.timezone !== "" ? first.timezone : null;
  return { name: null, currency, decimals: currencyExponent(currency), timeZone, version: null, warnings };
}

const look = (client: MagentoClient, path: "orders" | "invoices" | "creditmemos" | "products") =>
  search(client, { path, groups: [], sort: [], pageSize: 1 });

async function productsProblem(client: MagentoClient): Promise<string[]> {
  try {
    await look(client, "products");
    return [];
  } catch (error) {
    // Orders are read without them.
    if (error instanceof StoreError && error.kind === "unauthorised") return [`SKUs cannot be suggested. ${error.message}`];
    throw error;
  }
}

/** Null where the keys do not reach as far. */
async function hasModule(client: MagentoClient): Promise<boolean | null> {
  try {
    const { body } = await client.get("modules");
    return Array.isArray(body) ? body.includes(MODULE) : null;
  } catch (error) {
    // Good to know, and no reason to refuse keys that read what is needed.
    if (error instanceof StoreError && error.kind !== "unavailable") return null;
    throw error;
  }
}
