import { isUtf8 } from "node:buffer";
import type { PlatformName } from "@upline/core";
import { Hono } from "hono";
import type { Database } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { announcedBytes, readBytes } from "../http/body.ts";
import type { BodyRoom } from "../http/body-room.ts";
import type { Metrics } from "../metrics.ts";
import { isPlatformName, platforms } from "../platforms.ts";
import type { SecretBox } from "../secret-box.ts";
import type { Copies } from "../stores/move.ts";
import type { StoreAtDoor } from "../stores/queries.ts";
import type { Door } from "./door.ts";
import { GroupCommit } from "./group-commit.ts";
import type { HandOff } from "./hand-off.ts";
import { insertDeliveries, type NewDelivery, type Receipt } from "./queries.ts";

/** At most this many deliveries share a commit, and at most so many characters of bodies. */
const GROUP = 128;
const GROUP_CHARACTERS = 4 << 20;

export interface Receiver {
  readonly db: Database;
  readonly box: SecretBox;
  readonly door: Door;
  readonly handOff: HandOff;
  readonly metrics: Metrics;
  readonly copies: Copies;
  readonly room: BodyRoom;
  readonly bodyLimitBytes: number;
  /** Client secrets of the Shopify app, whose subscriptions all arrive at one address. */
  readonly shopifyAppSecrets: readonly string[];
}

/**
 * find the store ▶ read ▶ verify ▶ inbox ▶ 2xx. Nothing is parsed here, and nothing is answered with 2xx before it is
 * committed. Anything but 2xx, 401, 404 and 413 makes the platform send again.
 */
export function receiveRoutes(receiver: Receiver): Hono {
  const inbox = new GroupCommit<NewDelivery, Receipt>({
    flush: (items) => insertDeliveries(receiver, items),
    maxItems: GROUP,
    maxSize: GROUP_CHARACTERS,
    sizeOf: ({ body }) => body.length,
  });
  const { room, bodyLimitBytes } = receiver;
  const routes = new Hono();
  routes.post("/shopify", async (c) => {
    const arrived = performance.now();
    const request = c.req.raw;
    const claimed = await claimedShop(receiver, request);
    return room.hold(`shopify ${claimed?.storeId ?? ""}`, announcedBytes(request, bodyLimitBytes), async () => {
      const raw = await readBytes(request, bodyLimitBytes);
      const store = await bindStore(receiver, request, raw);
      return accept({ receiver, inbox, store, request, raw, arrived, secrets: receiver.shopifyAppSecrets });
    });
  });
  routes.post("/:platform/:store", async (c) => {
    const arrived = performance.now();
    const { platform, store: storeId } = c.req.param();
    const request = c.req.raw;
    const store = isPlatformName(platform) ? await receiver.door.byId(storeId) : null;
    // Unknown, paused, of another platform: all answer alike, so that nothing can be learned by asking.
    if (!store || store.platform !== platform) {
      receiver.metrics.refused.inc({ platform: isPlatformName(platform) ? platform : "unknown", reason: "unknown-store" });
      throw noStoreHere();
    }
    return room.hold(store.storeId, announcedBytes(request, bodyLimitBytes), async () => {
      const raw = await readBytes(request, bodyLimitBytes);
      return accept({ receiver, inbox, store, request, raw, arrived, secrets: store.secrets });
    });
  });
  return routes;
}

interface Arrival {
  readonly receiver: Receiver;
  readonly inbox: GroupCommit<NewDelivery, Receipt>;
  readonly store: StoreAtDoor;
  readonly request: Request;
  readonly raw: Buffer;
  readonly arrived: number;
  readonly secrets: readonly string[];
}

async function accept({ receiver, inbox, store, request, raw, arrived, secrets }: Arrival): Promise<Response> {
  const { platform } = store;
  const verdict = verify(receiver, { platform, request, raw, secrets });
  if (verdict.kind === "ping") return answer({ ok: true, ping: true });
  const text = isUtf8(raw) && !raw.includes(0);
  const body = raw.toString(text ? "utf8" : "base64");
  if (store.homeUrl !== null && text) await receiver.copies.refuse(store, platforms[platform].sourceOfBody?.(body) ?? null);
  const delivery: NewDelivery = {
    companyId: store.companyId,
    storeId: store.storeId,
    topic: verdict.topic.slice(0, 200),
    platformDeliveryId: verdict.deliveryId?.slice(0, 200) ?? null,
    encoding: text ? "utf8" : "base64",
    body,
  };
  const { deliveryId, receivedAt } = await inbox.add(delivery);
  const { settings } = store;
  receiver.handOff.offer([{ ...delivery, deliveryId, platform, settings, receivedAt, attempts: 0 }]);
  receiver.metrics.received.inc({ platform });
  receiver.metrics.acknowledged(performance.now() - arrived);
  return answer({ ok: true, delivery: String(deliveryId) });
}

function verify(receiver: Receiver, args: { platform: PlatformName; request: Request; raw: Buffer; secrets: readonly string[] }) {
  const { platform, request, raw, secrets } = args;
  const header = (name: string) => request.headers.get(name) ?? undefined;
  const verdict = platforms[platform].verify({ header, rawBody: raw, secrets, now: new Date() });
  if (verdict.kind !== "refused") return verdict;
  receiver.metrics.refused.inc({ platform, reason: "bad-signature" });
  throw new HubError("bad-signature", "The signature does not match this store's secret. Nothing was stored.");
}

/**
 * One address for all shops of the app: the shop header is not signed and the secret is the app's,
 * so the store is bound to the shop that the signed body names. A body that names none, or another
 * shop than the header, could be a replay under a foreign name and is refused.
 */
async function bindStore(receiver: Receiver, request: Request, raw: Buffer): Promise<StoreAtDoor> {
  verify(receiver, { platform: "shopify", request, raw, secrets: receiver.shopifyAppSecrets });
  const topic = request.headers.get("x-shopify-topic") ?? "";
  const claimed = request.headers.get("x-shopify-shop-domain")?.toLowerCase() ?? null;
  const shop = platforms.shopify.shopOfBody?.(raw.toString("utf8"), topic) ?? null;
  const store = shop === null ? null : await receiver.door.byShop("shopify", shop);
  if (store && (claimed === null || claimed === store.domain)) return store;
  throw unboundShop(receiver);
}

/** The store that the unsigned shop header claims; null where it claims none. A shop that is not here is refused before its body is read. */
async function claimedShop(receiver: Receiver, request: Request): Promise<StoreAtDoor | null> {
  const claimed = request.headers.get("x-shopify-shop-domain")?.toLowerCase();
  if (claimed === undefined) return null;
  const store = await receiver.door.byShop("shopify", claimed);
  if (store === null) throw unboundShop(receiver);
  return store;
}

function unboundShop(receiver: Receiver): HubError {
  receiver.metrics.refused.inc({ platform: "shopify", reason: "unbound-shop" });
  return noStoreHere();
}

/** Unknown, paused, of another platform: all answer alike. */
function noStoreHere(): HubError {
  return new HubError("not-found", "There is no such store here. Copy the ingest address from the hub again.");
}

function answer(body: unknown): Response {
  return Response.json(body, { status: 200 });
}
