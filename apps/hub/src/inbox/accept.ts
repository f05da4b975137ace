import { isUtf8 } from "node:buffer";
import type { PlatformName } from "@upline/core";
import type { Database } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { BodyRoom } from "../http/body-room.ts";
import type { Metrics } from "../metrics.ts";
import { isPlatformName, platforms } from "../platforms.ts";
import type { SecretBox } from "../secret-box.ts";
import type { Copies } from "../stores/move.ts";
import type { StoreAtDoor } from "../stores/queries.ts";
import type { Door } from "./door.ts";
import { GroupCommit } from "./group-commit.ts";
import type { HandOff } from "./hand-off.ts";
import { insertDeliveries, type NewDelivery, type Receipt } from "./insert.ts";

/** At most this many deliveries share a commit, and at most so many characters of bodies. */
const GROUP = 128;
const GROUP_CHARACTERS = 4 << 20;
/** A small group waits so long for company, under a stream of deliveries. */
const GATHER = { below: 8, ms: 2 };

export interface ReceiverParts {
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

/** What takes deliveries; all doors of a hub share one, and with it their commits. */
export interface Receiver extends ReceiverParts {
  readonly inbox: GroupCommit<NewDelivery, Receipt>;
}

export function openReceiver(parts: ReceiverParts): Receiver {
  const inbox = new GroupCommit<NewDelivery, Receipt>({
    flush: (items) => insertDeliveries(parts, items),
    maxItems: GROUP,
    maxSize: GROUP_CHARACTERS,
    sizeOf: ({ body }) => body.length,
    gather: GATHER,
  });
  return { ...parts, inbox };
}

/** A header of the request by its name in small letters. */
export type HeaderOf = (name: string) => string | undefined;

/** The store that an address names. Throws HubError where none is here. */
export async function storeAt(
  receiver: Receiver,
  { platform, storeId }: { platform: string; storeId: string },
): Promise<StoreAtDoor> {
  const known = isPlatformName(platform);
  const store = known ? await receiver.door.byId(storeId) : null;
  if (store && store.platform === platform) return store;
  // Unknown, paused, of another platform: all answer alike, so that nothing can be learned by asking.
  receiver.metrics.refused.inc({ platform: known ? platform : "unknown", reason: "unknown-store" });
  throw noStoreHere();
}

interface Arrival {
  readonly store: StoreAtDoor;
  readonly header: HeaderOf;
  readonly raw: Buffer;
  /** When the request began, by `performance.now()`. */
  readonly arrived: number;
  readonly secrets: readonly string[];
}

/** Verifies a delivery and commits it. Answers the text of the 2xx, in JSON; throws HubError where it is refused. */
export async function accept(receiver: Receiver, { store, header, raw, arrived, secrets }: Arrival): Promise<string> {
  const { platform } = store;
  const verdict = verify(receiver, { platform, header, raw, secrets });
  if (verdict.kind === "ping") return '{"ok":true,"ping":true}';
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
  const { deliveryId, receivedAt } = await receiver.inbox.add(delivery);
  const { settings } = store;
  receiver.handOff.offer([{ ...delivery, deliveryId, platform, settings, receivedAt, attempts: 0 }]);
  receiver.metrics.acknowledged(platform, performance.now() - arrived);
  return `{"ok":true,"delivery":"${deliveryId}"}`;
}

export function verify(
  receiver: Receiver,
  args: { platform: PlatformName; header: HeaderOf; raw: Buffer; secrets: readonly string[] },
) {
  const { platform, header, raw, secrets } = args;
  const verdict = platforms[platform].verify({ header, rawBody: raw, secrets, now: new Date() });
  if (verdict.kind !== "refused") return verdict;
  receiver.metrics.refused.inc({ platform, reason: "bad-signature" });
  throw new HubError("bad-signature", "The signature does not match this store's secret. Nothing was stored.");
}

/** Unknown, paused, of another platform: all answer alike. */
export function noStoreHere(): HubError {
  return new HubError("not-found", "There is no such store here. Copy the ingest address from the hub again.");
}
