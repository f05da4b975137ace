import { Hono } from "hono";
import type { HubError } from "../errors.ts";
import { announcedBytes, readBytes } from "../http/body.ts";
import { platforms } from "../platforms.ts";
import type { StoreAtDoor } from "../stores/queries.ts";
import { accept, type HeaderOf, noStoreHere, type Receiver, storeAt, verify } from "./accept.ts";

/**
 * find the store ▶ read ▶ verify ▶ inbox ▶ 2xx. Nothing is parsed here, and nothing is answered with 2xx before it is
 * committed. Anything but 2xx, 401, 404 and 413 makes the platform send again.
 */
export function receiveRoutes(receiver: Receiver): Hono {
  const { room, bodyLimitBytes } = receiver;
  const routes = new Hono();
  routes.post("/shopify", async (c) => {
    const arrived = performance.now();
    const request = c.req.raw;
    const header = headerOf(request);
    const claimed = await claimedShop(receiver, header);
    return room.hold(`shopify ${claimed?.storeId ?? ""}`, announcedBytes(request, bodyLimitBytes), async () => {
      const raw = await readBytes(request, bodyLimitBytes);
      const store = await bindStore(receiver, header, raw);
      return answer(await accept(receiver, { store, header, raw, arrived, secrets: receiver.shopifyAppSecrets }));
    });
  });
  routes.post("/:platform/:store", async (c) => {
    const arrived = performance.now();
    const { platform, store: storeId } = c.req.param();
    const request = c.req.raw;
    const store = await storeAt(receiver, { platform, storeId });
    return room.hold(store.storeId, announcedBytes(request, bodyLimitBytes), async () => {
      const raw = await readBytes(request, bodyLimitBytes);
      return answer(await accept(receiver, { store, header: headerOf(request), raw, arrived, secrets: store.secrets }));
    });
  });
  return routes;
}

const headerOf =
  (request: Request): HeaderOf =>
  (name) =>
    request.headers.get(name) ?? undefined;

/**
 * One address for all shops of the app: the shop header is not signed and the secret is the app's,
 * so the store is bound to the shop that the signed body names. A body that names none, or another
 * shop than the header, could be a replay under a foreign name and is refused.
 */
async function bindStore(receiver: Receiver, header: HeaderOf, raw: Buffer): Promise<StoreAtDoor> {
  verify(receiver, { platform: "shopify", header, raw, secrets: receiver.shopifyAppSecrets });
  const topic = header("x-shopify-topic") ?? "";
  const claimed = header("x-shopify-shop-domain")?.toLowerCase() ?? null;
  const shop = platforms.shopify.shopOfBody?.(raw.toString("utf8"), topic) ?? null;
  const store = shop === null ? null : await receiver.door.byShop("shopify", shop);
  if (store && (claimed === null || claimed === store.domain)) return store;
  throw unboundShop(receiver);
}

/** The store that the unsigned shop header claims; null where it claims none. A shop that is not here is refused before its body is read. */
async function claimedShop(receiver: Receiver, header: HeaderOf): Promise<StoreAtDoor | null> {
  const claimed = header("x-shopify-shop-domain")?.toLowerCase();
  if (claimed === undefined) return null;
  const store = await receiver.door.byShop("shopify", claimed);
  if (store === null) throw unboundShop(receiver);
  return store;
}

function unboundShop(receiver: Receiver): HubError {
  receiver.metrics.refused.inc({ platform: "shopify", reason: "unbound-shop" });
  return noStoreHere();
}

function answer(text: string): Response {
  return new Response(text, { status: 200, headers: { "content-type": "application/json" } });
}
