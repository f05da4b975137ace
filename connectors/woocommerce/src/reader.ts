import { IMPATIENT, type StoreReader, type StoreReaderAccess } from "@upline/core";
import { z } from "zod";
import { createClient, type WooClient } from "./client.ts";
import { compareKnown } from "./compare-known.ts";
import { askForOrder } from "./found.ts";
import { importCatalogue } from "./import-catalogue.ts";
import { listOrders } from "./list-orders.ts";
import { readStoreFacts } from "./store-facts.ts";
import { deliveryUrlProblem, ensureWebhooks, removeWebhooks } from "./webhooks.ts";

/** What is stored of a store's REST key. */
const restKey = z.object({ consumerKey: z.string().min(1), consumerSecret: z.string().min(1) });

export function openStoreReader({ url, credentials, callOut, impatient = false, signal }: StoreReaderAccess): StoreReader {
  const key = restKey.safeParse(credentials);
  if (!key.success) throw new TypeError("a WooCommerce store is read with a consumerKey and a consumerSecret");
  const client = createClient({
    access: { url, ...key.data },
    callOut,
    ...(impatient ? { patience: IMPATIENT } : {}),
    ...(signal ? { signal } : {}),
  });
  return storeReader(client, url);
}

/** WooCommerce's REST API as what the hub asks of any store. */
export function storeReader(client: WooClient, storeUrl: string): StoreReader {
  return {
    facts: () => readStoreFacts(client),
    orders: (walk) => listOrders(client, walk),
    order: (orderId) => askForOrder(client, orderId),
    compare: (known) => compareKnown(client, known),
    catalogue: () => importCatalogue(client),
    webhooks: {
      ensure: (wanted) => ensureWebhooks(client, wanted),
      remove: (deliveryUrl) => removeWebhooks(client, deliveryUrl),
      addressProblem: (deliveryUrl) => deliveryUrlProblem(deliveryUrl, storeUrl),
    },
  };
}
