import { type JsonObject, parseBody } from "@upline/core";
import { byHand } from "@upline/core/read-by-hand";
import { readsAsItsSchema } from "@upline/testing/reads-as-schema";
import { basketSteps, restRefund as refund, refundLine } from "../fixtures/plugin.ts";
import { recordedDeliveries, recordedRest } from "../fixtures/recorded.ts";
import { refundSummary, restOrder, restRefund } from "./payloads.ts";
import { orderByHand, refundByHand, summaryByHand } from "./read-order.ts";

const DELIVERED = recordedDeliveries.flatMap(({ rawBody, headers }) =>
  headers["content-type"] === "application/json" ? [parseBody(rawBody)] : [],
);
const PLUGIN = basketSteps.map(({ order }) => order);
const ORDERS: JsonObject[] = [...DELIVERED, ...PLUGIN].filter((body) => "line_items" in body);

const LISTED = ["refunds-list-partial", "refunds-list-full", "refunds-of-status-refunded"].flatMap(
  (name) => recordedRest(name) as JsonObject[],
);
/** With a fee and shipping, of which the recorded ones have none. */
const WHOLE = refund(91, "60.40", [refundLine(1, "-44.91", "-8.54", { product_id: 5, variation_id: 0, sku: "KIT" })], {
  shipping_lines: [{ id: 901, total: "-1.00", total_tax: "-0.19" }],
  fee_lines: [
    { id: 902, name: "Wrapping", total: "-5.00", total_tax: "", meta_data: [{ id: 2, key: "_refunded_item_id", value: 8 }] },
  ],
});

readsAsItsSchema({
  what: "an order",
  byHand: (body) => byHand(orderByHand, body),
  schema: restOrder,
  bodies: ORDERS,
  readable: { members: 800, changes: 150 },
});

readsAsItsSchema({
  what: "a refund",
  byHand: (body) => byHand(refundByHand, body),
  schema: restRefund,
  bodies: [WHOLE, ...LISTED],
  readable: { members: 400, changes: 150 },
});

readsAsItsSchema({
  what: "a refund's summary",
  byHand: (body) => byHand(summaryByHand, body),
  schema: refundSummary,
  bodies: ORDERS.flatMap(({ refunds }) => refunds as JsonObject[]),
  readable: { members: 20, changes: 80 },
});
