import { type Normalised, type OrderState, PayloadError } from "@upline/core";
import { platformTopic } from "../inbox/fetched.ts";
import { openBody, type PendingDelivery } from "../inbox/queries.ts";
import { platforms } from "../platforms.ts";
import type { SecretBox } from "../secret-box.ts";

/** A delivery and what it says; `unreadable` is for the dead letters. */
export interface ReadDelivery {
  readonly delivery: PendingDelivery;
  readonly said: Normalised | { readonly kind: "unreadable"; readonly detail: string };
}

/** What is said of a delivery whose body nobody can read any more. */
export const ERASED = "its body was erased";

/** What is said of a body that is not what was sealed. The key of bodies never changes. It would stand in the way of every delivery that is read with it. */
const DAMAGED = "its stored body is damaged";

/** Undefined where it cannot be opened. */
function bodyOf(box: SecretBox, delivery: PendingDelivery): string | null | undefined {
  try {
    return openBody(box, delivery);
  } catch {
    return undefined;
  }
}

/** Reads a stored delivery with its platform's connector; what is dated later than the day after tomorrow is unreadable. Never throws. */
export function readDelivery(box: SecretBox, delivery: PendingDelivery): ReadDelivery {
  const body = bodyOf(box, delivery);
  if (body === null) return { delivery, said: { kind: "unreadable", detail: ERASED } };
  if (body === undefined) return { delivery, said: { kind: "unreadable", detail: DAMAGED } };
  if (delivery.encoding !== "utf8") return { delivery, said: { kind: "unreadable", detail: "the body is no UTF-8 text" } };
  try {
    const { topic, settings } = delivery;
    return {
      delivery,
      said: platforms[delivery.platform].normalise({ topic: platformTopic(topic), body, settings, now: new Date() }),
    };
  } catch (error) {
    const detail =
      error instanceof PayloadError ? error.message : `the connector failed: ${error instanceof Error ? error.name : "unknown"}`;
    return { delivery, said: { kind: "unreadable", detail } };
  }
}

/** The order a delivery is about; null for what needs no order. */
export function orderIdOf(read: ReadDelivery): string | null {
  const { said } = read;
  if (said.kind === "order") return said.state.orderId;
  return said.kind === "refund" || said.kind === "deleted" ? said.orderId : null;
}

/** Deliveries of one order go through one lane, one after the other. */
export function laneKey(read: ReadDelivery): string {
  return `${read.delivery.storeId} ${orderIdOf(read) ?? read.delivery.deliveryId}`;
}

export function statesOf(reads: readonly ReadDelivery[]): OrderState[] {
  return reads.flatMap((read) => (read.said.kind === "order" ? [read.said.state] : []));
}
