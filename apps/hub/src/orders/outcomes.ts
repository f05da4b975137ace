import { compareRevisions, type OrderState } from "@upline/core";
import type { DeliveryOutcome } from "../inbox/queries.ts";
import type { ReadDelivery } from "./read.ts";
import type { Settled } from "./settle.ts";

/** What becomes of deliveries: a row each, written in the transaction of their effect. */

/** The delivery that carries the newest revision was applied; the others of the batch say how they lost. */
export function outcomesOf(settled: Settled, orderNo: bigint | null): DeliveryOutcome[] {
  const newest = settled.decision?.snapshot.state.revision ?? null;
  let applied = !settled.changed;
  return [...settled.work.reads].reverse().map(({ said, delivery: { deliveryId } }) => {
    if (said.kind !== "order" || newest === null)
      return { deliveryId, orderNo, outcome: settled.changed || newest === null ? "applied" : "duplicate", detail: null };
    if (compareRevisions(said.state.revision, newest) < 0)
      return { deliveryId, orderNo, outcome: isKnown(settled, said.state) ? "duplicate" : "outdated", detail: null };
    const outcome = applied ? "duplicate" : "applied";
    applied = true;
    return { deliveryId, orderNo, outcome, detail: null };
  });
}

function isKnown({ before }: Settled, state: OrderState): boolean {
  return before !== null && compareRevisions(state.revision, before.state.revision) === 0;
}

/** What becomes of a delivery that touches no order. */
export function outcomeWithoutOrder({ said, delivery: { deliveryId } }: ReadDelivery): DeliveryOutcome {
  const done = (outcome: DeliveryOutcome["outcome"], detail: string) => ({ deliveryId, orderNo: null, outcome, detail });
  switch (said.kind) {
    case "hint":
      return done("hint", `${said.entity} ${said.id}`);
    case "shop":
      return done("shop", said.event);
    case "ignored":
      return done("ignored", said.reason);
    case "unreadable":
      return done("dead", said.detail);
    default:
      throw new Error(`a delivery of kind ${said.kind} has an order`);
  }
}
