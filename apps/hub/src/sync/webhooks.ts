import { StoreError, type StoreReader } from "@upline/core";
import type { WebhookNote } from "../db/schema/sync.ts";
import { HubError } from "../errors.ts";
import { listeningUrlOf } from "../http/public-url.ts";
import type { StoreAccess } from "../stores/connection-queries.ts";
import { findStoreAtDoor } from "../stores/queries.ts";
import type { JobParts } from "./feed.ts";

/**
 * The built-in webhooks of a store without the plugin, brought to what they should be: a platform
 * may switch them off after failures without a word. With the plugin they would only say everything
 * twice and are taken away. A key that may not do this is noted; it ends nothing.
 */
export async function lookAfterWebhooks(
  parts: JobParts,
  args: {
    readonly reader: StoreReader;
    readonly store: StoreAccess;
    readonly companyId: number;
    readonly renewSecret?: boolean;
  },
): Promise<WebhookNote[]> {
  const { store, renewSecret = false } = args;
  const { webhooks } = args.reader;
  if (webhooks === null) return [];
  const deliveryUrl = `${listeningUrlOf(parts.env)}/ingest/${store.platform}/${store.storeId}`;
  try {
    if (store.pluginSince !== null || !store.wantsWebhooks) {
      const removed = await webhooks.remove(deliveryUrl);
      return removed === 0 ? [] : [{ topic: "all", outcome: `${removed} removed` }];
    }
    const problem = webhooks.addressProblem(deliveryUrl);
    if (problem !== null) return [{ topic: "all", outcome: problem }];
    const secret = (await findStoreAtDoor(parts.db.gate, parts.box, { storeId: store.storeId }))?.secrets[0];
    if (secret === undefined) throw new HubError("unprocessable", `The store ${store.storeId} has no secret.`);
    const outcomes = await webhooks.ensure({ deliveryUrl, secret, renewSecret });
    return outcomes.map(({ topic, outcome }) => ({ topic, outcome }));
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind === "unavailable") throw error;
    return [{ topic: "all", outcome: error.message }];
  }
}
