import type { BuyerIdentity } from "./buyer-identity.ts";
import { listOf, objectOf, orNull, type Write, writeMinor, writePlain, writeText } from "./canonical-text.ts";
import type { Evidence, OrderLine, OrderState, Refund, Revision, Stage } from "./order.ts";

/** Canonical JSON of an order's state: what `canonicalJson` writes of it. */

const text = writeText;
const minor = writeMinor;

const line = objectOf<OrderLine>({
  lineId: text,
  kind: text,
  variantId: orNull(text),
  productId: orNull(text),
  sku: orNull(text),
  name: text,
  quantity: writePlain,
  grossMinor: minor,
  discountMinor: minor,
  includedTaxMinor: minor,
});

const refund = objectOf<Refund>({
  refundId: text,
  at: text,
  amountMinor: minor,
  lines: listOf(objectOf<Refund["lines"][number]>({ lineId: text, netMinor: minor })),
  proratedMinor: minor,
  unlinked: listOf(
    objectOf<NonNullable<Refund["unlinked"]>[number]>({ lineIds: listOf(text), netMinor: minor, grossMinor: minor }),
  ),
  namedMinor: minor,
  detail: text,
});

const stage = objectOf<{ kind: Stage["kind"]; reason?: string }>({ kind: text, reason: text });

export const revisionText: Write<Revision> = objectOf<Revision>({ at: text, tie: text });

/** A state that may have no revision yet. */
export type RevisedState = Omit<OrderState, "revision"> & Partial<Pick<OrderState, "revision">>;

export const orderStateText: Write<RevisedState> = objectOf<RevisedState>({
  platform: text,
  orderId: text,
  orderName: text,
  revision: revisionText,
  placedAt: text,
  stage,
  platformStatus: text,
  currency: text,
  totalMinor: minor,
  worthMinor: minor,
  lines: listOf(line),
  refunds: listOf(refund),
  refundsNotMade: listOf(text),
  buyer: orNull(text),
  buyerIdentities: listOf(objectOf<BuyerIdentity>({ kind: text, value: text })),
  evidence: listOf(objectOf<Evidence>({ source: text, code: text, where: text })),
  nobody: text,
  subscription: writePlain,
});
