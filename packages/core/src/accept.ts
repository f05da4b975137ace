import { z } from "zod";
import { isAcceptable } from "./accept-by-hand.ts";
import {
  EVIDENCE_MAX,
  ID_LENGTH_MAX,
  isAmountMinor,
  isOrderDate,
  isQuantity,
  isStorable,
  LINES_MAX,
  QUANTITY_MAX,
  REFUNDS_MAX,
  readableText,
} from "./bounds.ts";
import { foldEmail } from "./buyer-identity.ts";
import { evidence, type OrderState, orderLine, orderState, refund } from "./order.ts";
import { readPayload } from "./payload.ts";
import type { Normalised } from "./platform.ts";

/**
 * The last word on what a connector read, for every platform: what passes here can be stored, and what was stored can
 * be read again. Ids, money, dates and counts are refused with the field's name; words that people read are cut.
 */
export function accept(said: Normalised, now: Date | null): Normalised {
  switch (said.kind) {
    case "order":
      return isAcceptable(said.state, now) ? said : { kind: "order", state: acceptBySchema(said.state, now) };
    case "refund":
      return {
        kind: "refund",
        orderId: readPayload(id, said.orderId, "refund.order_id"),
        refund: readPayload(schemasAt(now).refund, said.refund, "refund"),
      };
    case "deleted":
      return { kind: "deleted", orderId: readPayload(id, said.orderId, "order.id") };
    case "hint":
      return { ...said, id: readPayload(id, said.id, `${said.entity}.id`) };
    case "shop":
      return { kind: "shop", event: readableText(said.event) };
    case "ignored":
      return { kind: "ignored", reason: readableText(said.reason) };
  }
}

/** The same for a state that is not what nearly all are. */
export function acceptBySchema(state: OrderState, now: Date | null): OrderState {
  return readPayload(schemasAt(now).order, state, "order");
}

const id = z
  .string()
  .min(1, "is empty")
  .max(ID_LENGTH_MAX, `is longer than ${ID_LENGTH_MAX} characters`)
  .refine(isStorable, "holds a NUL or half a character");

const words = z.string().transform((text) => readableText(text));
const amount = z.bigint().refine((minor) => minor >= 0n && isAmountMinor(minor), "is negative or larger than any order");

/**
 * Words of buyers and apps: one odd entry must not cost the others, nor the order. An e-mail address is nobody's code, and
 * what is kept of an order is kept for ever.
 */
const evidences = z
  .array(evidence.extend({ where: words }))
  .transform((all) => all.filter(({ code }) => isStorable(code) && foldEmail(code) === null).slice(0, EVIDENCE_MAX));

function build(now: Date | null) {
  const moment = z.iso
    .datetime({ offset: true })
    .refine((text) => isOrderDate(text, now), "is before 1970 or later than the day after tomorrow");
  const line = orderLine.extend({
    lineId: id,
    variantId: id.nullable(),
    productId: id.nullable(),
    sku: words.nullable(),
    name: words,
    quantity: z.number().refine(isQuantity, `is no quantity: 0 to ${QUANTITY_MAX}`),
    grossMinor: amount,
    discountMinor: amount,
    includedTaxMinor: amount,
  });
  const named = z.object({ lineId: id, netMinor: amount });
  const unlinked = z.object({ lineIds: z.array(id), netMinor: amount, grossMinor: amount });
  const givenBack = refund.extend({
    refundId: id,
    at: moment,
    amountMinor: amount,
    lines: unlike(z.array(named).max(LINES_MAX, `names more than ${LINES_MAX} lines`), "lineId"),
    proratedMinor: amount,
    unlinked: z.array(unlinked).max(LINES_MAX).optional(),
    namedMinor: amount.optional(),
  });
  const order = orderState.extend({
    orderId: id,
    orderName: words,
    placedAt: moment,
    platformStatus: words,
    revision: orderState.shape.revision.extend({ at: moment }),
    totalMinor: amount,
    worthMinor: amount.optional(),
    lines: unlike(z.array(line).max(LINES_MAX, `has more than ${LINES_MAX} lines`), "lineId"),
    refunds: unlike(z.array(givenBack).max(REFUNDS_MAX, `has more than ${REFUNDS_MAX} refunds`), "refundId"),
    refundsNotMade: z.array(id).max(REFUNDS_MAX).optional(),
    buyer: orderState.shape.buyer.transform((text) => (text === null || isStorable(text) ? text : null)),
    evidence: evidences,
  });
  return { order, refund: givenBack };
}

/** Ids that stand twice would silently be one thing or the other. */
function unlike<Name extends string, Item extends z.ZodType<Record<Name, string>>>(list: z.ZodArray<Item>, name: Name) {
  return list.superRefine((items, context) => {
    const seen = new Set<string>();
    items.forEach((item, index) => {
      const value = (item as Record<Name, string>)[name];
      if (seen.has(value))
        context.addIssue({ code: "custom", path: [index, name], message: "stands twice: every id may be there once" });
      seen.add(value);
    });
  });
}

type Schemas = ReturnType<typeof build>;

const withoutNow = build(null);
let latest: { readonly day: number; readonly schemas: Schemas } | null = null;

/** Building schemas is dear: those of a day are kept. */
function schemasAt(now: Date | null): Schemas {
  if (now === null) return withoutNow;
  const day = Math.floor(now.getTime() / 86_400_000);
  if (latest?.day !== day) latest = { day, schemas: build(now) };
  return latest.schemas;
}
