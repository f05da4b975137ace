import { setTimeout as wait } from "node:timers/promises";
import type { PlatformName, StoreSettings } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import type { Outcome } from "../db/schema/inbox.ts";
import type { HandOff } from "../inbox/hand-off.ts";
import { insertDeliveries } from "../inbox/insert.ts";
import type { HubParts } from "../parts.ts";
import { findOutcomes } from "./queries.ts";

/** What a job needs of the hub. On the command line there is no server, but the same pipeline. */
export interface JobParts extends Pick<HubParts, "db" | "box" | "log" | "env"> {
  readonly handOff: HandOff;
  /** Tells the open pages of a company that a run got further; nobody is told on the command line. */
  readonly told?: ((companyId: number) => void) | undefined;
}

export interface FeedTarget {
  readonly companyId: number;
  readonly storeId: string;
  readonly platform: PlatformName;
  readonly settings: StoreSettings;
}

const GROUP = 100;
const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 250;
/** After this the deliveries simply wait in the inbox, as any others that are put off. */
const PATIENCE_MS = 60_000;

/**
 * Puts bodies that the hub has fetched into the inbox and hands them to the worker, as if the shop
 * had sent them, and waits for what becomes of them. Null: not processed yet.
 */
export async function feed(
  parts: JobParts,
  target: FeedTarget,
  bodies: readonly { readonly topic: string; readonly body: string }[],
): Promise<(Outcome | null)[]> {
  const outcomes: (Outcome | null)[] = [];
  for (let from = 0; from < bodies.length; from += GROUP)
    outcomes.push(...(await feedGroup(parts, target, bodies.slice(from, from + GROUP))));
  return outcomes;
}

async function feedGroup(parts: JobParts, target: FeedTarget, bodies: readonly { topic: string; body: string }[]) {
  const { companyId, storeId, platform, settings } = target;
  const deliveries = bodies.map(({ topic, body }) => ({
    companyId,
    storeId,
    topic,
    platformDeliveryId: null,
    encoding: "utf8" as const,
    body,
  }));
  const kept = await insertDeliveries(parts, deliveries);
  const ids = kept.map(({ deliveryId }) => deliveryId);
  parts.handOff.offer(
    deliveries.map((delivery, index) => ({
      ...delivery,
      ...(kept[index] as (typeof kept)[number]),
      platform,
      settings,
      attempts: 0,
    })),
  );
  const known = await waitForOutcomes(parts, companyId, ids);
  return ids.map((id) => known.get(id) ?? null);
}

async function waitForOutcomes(parts: JobParts, companyId: number, deliveryIds: readonly bigint[]) {
  const until = Date.now() + PATIENCE_MS;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    const known = await asCompany(parts.db, companyId, (tx) => findOutcomes(tx, { companyId, deliveryIds }));
    if (known.size === deliveryIds.length || Date.now() > until) return known;
    await wait(pauseMs);
  }
}
