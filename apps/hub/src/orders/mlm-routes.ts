import { createRoute, z } from "@hono/zod-openapi";
import { inEnglish } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, exactJson, newRoutes, problems } from "../http/shapes.ts";
import { type AcceptedOrder, acceptOrder } from "./api-order.ts";
import { readEntrySums } from "./commission-queries.ts";
import { whyNothing } from "./earns-nothing.ts";
import { EXAMPLE_ANSWER, EXAMPLE_BODIES } from "./example-order.ts";
import { computedOrder, computedOrderAnswer } from "./order-shape.ts";
import type { OrderParts } from "./pipeline.ts";
import { findOrder } from "./queries.ts";
import { orderOf, sentOrder } from "./sent-order.ts";

export const takenOrder = computedOrder
  .extend({
    earns_nothing_because: z
      .string()
      .nullable()
      .openapi({ description: "Why no distributor is paid for it at its own time, and what to do; null where somebody is" }),
    replayed: z.boolean().openapi({ description: "An equal call came before: this is what it was answered" }),
  })
  .openapi("TakenOrder", { example: EXAMPLE_ANSWER });

const send = createRoute({
  method: "post",
  path: "/orders",
  operationId: "sendOrder",
  tags: ["Orders"],
  summary: "Send an order, and see what it earns whom",
  description:
    "For shops without a connector, and for trying things out: a store that is connected sends its orders itself. " +
    "The order goes the way of every order: attribution, SKU map, net amount, commissions, ledger, in one transaction. " +
    "Needs a key with the scope `orders`. Repeating a call is safe: the same facts are answered as the first time with `replayed: true`; " +
    "other facts under the same order id are refused with 409, except a status that moves on (pending, paid, completed, then refunded or cancelled).",
  middleware: [exactJson] as const,
  request: {
    body: { required: true, content: { "application/json": { schema: sentOrder, examples: EXAMPLE_BODIES } } },
  },
  responses: {
    201: answer("The order was taken, or its status moved on", takenOrder),
    200: answer("The same call came before: the answer it had then", takenOrder),
    ...problems(400, 401, 403, 409, 413, 422),
  },
});

export function mlmOrderRoutes(hub: OrderParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "orders"));
  return routes.openapi(send, async (c) => {
    const { companyId } = c.get("caller");
    const { taken, transfers } = await acceptOrder(hub.pipeline, {
      companyId,
      order: orderOf(c.req.valid("json")),
      now: new Date(),
      present: (tx, accepted) => present(hub, tx, companyId, accepted),
    });
    hub.metrics.transfers.inc(transfers);
    return c.json(taken, taken.replayed ? 200 : 201);
  });
}

/** What was computed for the order at that revision, of which the answer is a pure function: a repeat gets the same bytes. */
async function present(hub: OrderParts, tx: Tx, companyId: number, accepted: AcceptedOrder) {
  const { orderNo, revision } = accepted;
  const [plans, order, sums] = await Promise.all([
    hub.pipeline.directories.plansOf(tx, companyId),
    findOrder(tx, { companyId, orderNo }),
    readEntrySums(tx, { companyId, orderNo, upToRevision: revision.revision }),
  ]);
  const storeId = order?.storeId ?? "";
  const computed = computedOrderAnswer({ orderNo, storeId, revision, sums, plans });
  const nothing = whyNothing(computed);
  const taken = { ...computed, earns_nothing_because: nothing && inEnglish(nothing), replayed: accepted.replayed };
  return { taken, transfers: accepted.transfers };
}
