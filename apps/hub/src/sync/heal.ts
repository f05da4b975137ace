import { setTimeout as wait } from "node:timers/promises";
import { type FoundOrder, inEnglish, type OrderState, PayloadError, type Reason, reason } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import type { Outcome } from "../db/schema/inbox.ts";
import type { Discrepancy } from "../db/schema/sync.ts";
import { type FetchedFor, fetchedTopic } from "../inbox/fetched.ts";
import { readSnapshot } from "../orders/snapshot.ts";
import { platforms } from "../platforms.ts";
import { type FeedTarget, feed, type JobParts } from "./feed.ts";
import { findHeldOrders, type HeldOrder } from "./queries.ts";
import { Delta, isHeld, type Worth, worthHere, worthInShop } from "./worth.ts";

/** What a run has found so far. */
export class Tally {
  checked = 0;
  healed = 0;
  deleted = 0;
  /** Orders that differed once: what was missed of them is counted once. */
  readonly met = new Set<string>();
  readonly before = new Delta();
  readonly after = new Delta();
  readonly discrepancies: Discrepancy[] = [];

  /** A reader needs to see the first of them, not all of a shop's. */
  differ(order: string, why: Reason): void {
    if (this.discrepancies.length < 100) this.discrepancies.push({ order, problem: inEnglish(why), reason: why });
  }
}

export interface HealOptions {
  readonly tally: Tally;
  /** Where people see that the hub fetched this itself. */
  readonly by: FetchedFor;
  /** Beyond this many an order that the shop says is gone is not taken as gone: a restored backup or a wrong address would void everything. */
  readonly mostDeletions: number;
  /** Asks the shop once more about an order. Left out, what lost by a whole second is left to the next run. */
  readonly askAgain?: ((orderId: string) => Promise<FoundOrder>) | undefined;
}

/** The shop's clock tells whole seconds: in the next one, what it says is newer than all before. */
const NEXT_SECOND_MS = 1_100;

export const MOST_DELETIONS = 50;

/** One order where the shop and the hub do not hold the same. */
interface Difference {
  readonly orderId: string;
  readonly topic: string;
  readonly body: string;
  /** Null: deleted, or unreadable. */
  readonly state: OrderState | null;
  readonly shop: Worth | null;
}

/**
 * Compares what the shop has with what the hub holds, and feeds what differs to the pipeline that
 * every delivery goes through. What the hub holds already leaves no trace.
 */
export async function heal(
  parts: JobParts,
  target: FeedTarget,
  found: readonly FoundOrder[],
  options: HealOptions,
): Promise<void> {
  const { tally, by } = options;
  const newest = [...new Map(found.map((order) => [order.orderId, order])).values()];
  const before = await heldOrders(parts, target, idsOf(newest));
  const differences: Difference[] = [];
  for (const order of newest) {
    const held = before.get(order.orderId) ?? null;
    const difference = differenceOf(order, held, target, options);
    if (difference === null) continue;
    differences.push(difference);
    if (difference.shop && !tally.met.has(order.orderId))
      tally.before.add(difference.shop, worthHere(held, difference.shop.currency));
    tally.met.add(order.orderId);
  }
  if (differences.length === 0) return;
  const bodies = differences.map(({ topic, body }) => ({ topic: fetchedTopic(by, topic), body }));
  const outcomes = await feed(parts, target, bodies);
  const after = await heldOrders(parts, target, idsOf(differences));
  differences.forEach((difference, index) => {
    const outcome = outcomes[index] ?? null;
    if (outcome === "applied") tally.healed += 1;
    judgeAfter(tally, difference, { outcome, held: after.get(difference.orderId) ?? null });
  });
  const late = idsOf(differences.filter((_, index) => outcomes[index] === "outdated"));
  if (late.length > 0 && options.askAgain) await healAgain(parts, target, late, options);
}

const idsOf = (orders: readonly { readonly orderId: string }[]): string[] => orders.map(({ orderId }) => orderId);

/** What was read in the same second as the hub's newest state says nothing about which of the two is newer. */
async function healAgain(parts: JobParts, target: FeedTarget, orderIds: readonly string[], options: HealOptions): Promise<void> {
  await wait(NEXT_SECOND_MS);
  const found: FoundOrder[] = [];
  for (const orderId of orderIds) found.push(...(options.askAgain ? [await options.askAgain(orderId)] : []));
  await heal(parts, target, found, { ...options, askAgain: undefined });
}

function differenceOf(found: FoundOrder, held: HeldOrder | null, target: FeedTarget, options: HealOptions): Difference | null {
  if (found.kind === "draft" || found.kind === "hidden") return null;
  const { orderId, topic, body } = found;
  if (found.kind === "deleted") {
    // An order that the hub never knew leaves nothing to take back.
    if (held === null || isDeletedHere(held)) return null;
    options.tally.deleted += 1;
    if (options.tally.deleted > options.mostDeletions) {
      const shop = { currency: held.currency, minor: 0n };
      options.tally.before.add(shop, worthHere(held, held.currency));
      options.tally.after.add(shop, worthHere(held, held.currency));
      options.tally.differ(orderId, reason("gone-in-shop"));
      return null;
    }
    return { orderId, topic, body, state: null, shop: { currency: held.currency, minor: 0n } };
  }
  const state = stateOf(found, target);
  if (state === "none") return null;
  if (state === null) return { orderId, topic, body, state: null, shop: null };
  // The shop told the hub something newer while this was read.
  if (held !== null && (held.revisionAt.getTime() > Date.parse(state.revision.at) || isHeld(held, state))) return null;
  return { orderId, topic, body, state, shop: worthInShop(state) };
}

/** Null: the connector cannot read it, and the pipeline will say why. "none": nothing that counts as an order. */
function stateOf(
  { topic, body }: { topic: string; body: string },
  { platform, settings }: FeedTarget,
): OrderState | "none" | null {
  try {
    const said = platforms[platform].normalise({ topic, body, settings });
    return said.kind === "order" ? said.state : "none";
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}

export function isDeletedHere(held: HeldOrder): boolean {
  if (held.stage !== "void") return false;
  const { stage } = readSnapshot(held.snapshot).state;
  return stage.kind === "void" && stage.reason === "deleted";
}

function judgeAfter(tally: Tally, difference: Difference, now: { outcome: Outcome | null; held: HeldOrder | null }): void {
  const { orderId, shop } = difference;
  const { outcome, held } = now;
  if (shop === null) {
    tally.differ(orderId, reason("shop-unreadable"));
    return;
  }
  // Something newer came by itself meanwhile, which is what the hub goes by.
  if (outcome === "outdated") return;
  const differs = tally.after.add(shop, worthHere(held, shop.currency));
  if (outcome === null) tally.differ(orderId, reason("not-processed"));
  else if (differs) tally.differ(orderId, reason("worth-differs"));
}

async function heldOrders(
  parts: JobParts,
  { companyId, storeId }: FeedTarget,
  platformOrderIds: readonly string[],
): Promise<Map<string, HeldOrder>> {
  const rows = await asCompany(parts.db, companyId, (tx) => findHeldOrders(tx, { companyId, storeId, platformOrderIds }));
  return new Map(rows.map((row) => [row.platformOrderId, row]));
}
