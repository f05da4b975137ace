import { parseBody } from "@upline/core";
import { byHand } from "@upline/core/read-by-hand";
import { readsAsItsSchema } from "@upline/testing/reads-as-schema";
import { fixtures } from "../fixtures/load.ts";
import { orderPayload, refundPayload } from "./payloads.ts";
import { orderByHand, refundByHand } from "./read-order.ts";

const bodies = fixtures.map(({ body }) => parseBody(body));

readsAsItsSchema({
  what: "an order",
  byHand: (body) => byHand(orderByHand, body),
  schema: orderPayload,
  bodies: bodies.filter((body) => "line_items" in body),
  readable: { members: 3000, changes: 150 },
});

readsAsItsSchema({
  what: "a refund by itself",
  byHand: (body) => byHand(refundByHand, body),
  schema: refundPayload,
  bodies: bodies.filter((body) => "refund_line_items" in body && "order_id" in body),
  readable: { members: 1000, changes: 150 },
});
