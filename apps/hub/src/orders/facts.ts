import { type Refund, refund as refundSchema } from "@upline/core";
import type { Facts } from "./decide.ts";
import type { ReadDelivery } from "./read.ts";
import type { KnownFact, OrderKey } from "./writes.ts";

/** What is known of an order besides its states: full accounts of refunds, and that it was deleted. Facts only ever add up. */

const DELETED = "deleted";
const REFUND = "refund:";

/** The facts that deliveries of one order tell. */
export function factsOf({ storeId, platformOrderId }: OrderKey, reads: readonly ReadDelivery[]): KnownFact[] {
  const facts = new Map<string, KnownFact>();
  const add = (factKey: string, standalone: boolean, fact: string) => {
    const known = facts.get(factKey);
    facts.set(factKey, {
      storeId,
      platformOrderId,
      factKey,
      standalone: standalone || known?.standalone === true,
      fact: known?.fact ?? fact,
    });
  };
  for (const { said } of reads) {
    if (said.kind === "deleted") add(DELETED, true, "{}");
    if (said.kind === "refund") add(`${REFUND}${said.refund.refundId}`, true, refundText(said.refund));
    if (said.kind !== "order") continue;
    for (const refund of said.state.refunds)
      if (refund.detail === "full") add(`${REFUND}${refund.refundId}`, false, refundText(refund));
  }
  return [...facts.values()];
}

function refundText(refund: Refund): string {
  return JSON.stringify(refund, (_key, value) => (typeof value === "bigint" ? String(value) : value));
}

/** The stored facts of an order, and those that came just now, put together. */
export function gatherFacts(known: readonly KnownFact[]): Facts {
  const refunds = new Map<string, { refund: Refund; standalone: boolean }>();
  for (const { factKey, fact, standalone } of known) {
    if (!factKey.startsWith(REFUND)) continue;
    const earlier = refunds.get(factKey);
    const refund = earlier?.refund ?? refundSchema.parse(JSON.parse(fact));
    refunds.set(factKey, { refund, standalone: standalone || earlier?.standalone === true });
  }
  return {
    refunds: new Map([...refunds.values()].map((told) => [told.refund.refundId, told])),
    deleted: known.some(({ factKey }) => factKey === DELETED),
  };
}
