import { IMPATIENT, type StoreReader, type StoreReaderAccess } from "@upline/core";
import { z } from "zod";
import { readCatalogue } from "./catalogue.ts";
import { createClient, type MagentoClient } from "./client.ts";
import { compareKnown } from "./compare-known.ts";
import { askForOrder } from "./found.ts";
import { listOrders } from "./list-orders.ts";
import { readStoreFacts } from "./store-facts.ts";

/** What is stored of an integration. */
const key = z.string().min(1);
const restKeys = z.object({ consumerKey: key, consumerSecret: key, accessToken: key, accessTokenSecret: key });

export function openStoreReader({ url, credentials, callOut, impatient = false, signal }: StoreReaderAccess): StoreReader {
  const keys = restKeys.safeParse(credentials);
  if (!keys.success)
    throw new TypeError(
      "a Magento store is read with the four keys of an integration: consumer key, consumer secret, access token and access token secret (since Magento 2.4.4 the access token alone is not taken)",
    );
  return storeReader(createClient({ url, keys: keys.data, callOut, signal, ...(impatient ? { patience: IMPATIENT } : {}) }));
}

/** Magento's REST API as what the hub asks of any store. */
export function storeReader(client: MagentoClient): StoreReader {
  return {
    facts: () => readStoreFacts(client),
    orders: (walk) => listOrders(client, walk),
    order: (orderId) => askForOrder(client, orderId),
    compare: (known) => compareKnown(client, known),
    catalogue: () => readCatalogue(client),
    // Everything is sent by the Upline module, which is set up in the shop.
    webhooks: null,
  };
}
