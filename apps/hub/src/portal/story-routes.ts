import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope, signedInOnly } from "../http/auth.ts";
import { reasonShape } from "../http/reason-shape.ts";
import {
  amountText,
  answer,
  asked,
  currencyText,
  decimal,
  idText,
  listOf,
  newRoutes,
  numberParam,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import type { NetworkOf } from "../network/routes.ts";
import type { OrderParts } from "../orders/pipeline.ts";
import { explainPeriod } from "../periods/explain.ts";
import { bonusReasonsAnswer, explained, periodNumber, reasonsAnswer } from "../periods/period-shape.ts";
import { findPeriod } from "../periods/queries.ts";
import { planInForce } from "../plans/publish.ts";
import { earnedOfOrders, listOwnOrders, sumOfPeriod } from "./order-queries.ts";
import { readSeller, sellerOf } from "./seller.ts";
import { money, tags, teammate } from "./shapes.ts";
import { tellOrder } from "./story.ts";

const step = z.object({
  who: teammate.nullable().openapi({ description: "Null where it is nobody of one's own downline any more" }),
  is_me: z.boolean(),
  level: z.int(),
  outcome: z.string(),
  text: z.string(),
  reason: reasonShape,
});

const story = z
  .object({
    ...{ order_id: idText, name: z.string(), placed_at: time, stage: z.string(), currency: currencyText },
    is_own_sale: z.boolean(),
    self_purchase: z.boolean(),
    code: z.string().nullable().openapi({ description: "The own code it came by" }),
    sold_by: teammate.nullable(),
    lines: z.array(
      z.object({
        ...{ line_id: z.string(), name: z.string(), quantity: z.string(), gross: decimal, discount: decimal },
        ...{ included_tax: decimal, net: decimal, refunded_net: decimal },
        waits: z.boolean().openapi({ description: "The company has not said yet what this product earns" }),
      }),
    ),
    earned: z.array(
      z.object({
        ...{ line_id: z.string(), bonus: z.string(), bonus_name: z.string(), level: z.int(), rate: z.string(), base: decimal },
        ...{
          original: decimal,
          amount: decimal,
          reversed: decimal,
          currency: currencyText,
          explanation: z.string(),
          reason: reasonShape,
        },
        steps: z.array(step).openapi({ description: "The way from the seller up to oneself, and who was passed over" }),
      }),
    ),
  })
  .openapi("PortalOrderStory");

const order = createRoute({
  method: "get",
  path: "/orders/{order_id}",
  security: signedInOnly(),
  operationId: "explainPortalOrder",
  tags,
  summary: "What an order brought, line by line, and how",
  description: "An own sale, or one that brought something. Nothing of it says who bought.",
  request: { params: z.object({ order_id: numberParam }) },
  responses: { 200: answer("The order as it concerns the distributor", story), ...problems(400, 401, 403, 404) },
});

const ownOrder = z
  .object({
    ...{ order_id: idText, name: z.string(), placed_at: time, stage: z.string(), net: decimal, refunded_net: decimal },
    ...{ currency: currencyText, code: z.string().nullable(), self_purchase: z.boolean(), earned: z.array(money) },
  })
  .openapi("PortalOrder");

const orders = createRoute({
  method: "get",
  path: "/orders",
  security: signedInOnly(),
  operationId: "listPortalOrders",
  tags,
  summary: "One's own sales, the newest first",
  request: { query: page },
  responses: { 200: answer("A page of orders", listOf(ownOrder)), ...problems(400, 401, 403, 404) },
});

const lines = z.array(z.string());
const bonusReasons = explained.shape.bonuses.element.shape.reasons;
const period = createRoute({
  method: "get",
  path: "/periods/{period_id}",
  security: signedInOnly(),
  operationId: "explainPortalPeriod",
  tags,
  summary: "What a close brought, and why not more",
  description: "Of an open period as it stands now.",
  request: { params: z.object({ period_id: numberParam }) },
  responses: {
    200: answer(
      "The close as it concerns the distributor",
      z
        .object({
          ...{
            period_id: idText,
            name: z.string(),
            state: z.string(),
            currency: currencyText,
            activity: z.string(),
            rank: z.string(),
            reasons: explained.shape.reasons,
          },
          posted: z.array(z.object({ bonus: z.string(), amount: decimal })).openapi({ description: "By the ledger" }),
          bonuses: z.array(
            z.object({
              bonus: z.string(),
              name: z.string().openapi({ description: "As the plan in force calls it" }),
              ...{ amount: z.string(), lines, not_paid: lines, reasons: bonusReasons },
            }),
          ),
        })
        .openapi("PortalPeriodStory"),
    ),
    ...problems(400, 401, 403, 404, 422),
  },
});

export function storyRoutes(hub: OrderParts, networkOf: NetworkOf) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(orders, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const { companyId, distributorNo } = seller;
      const query = c.req.valid("query");
      const found = await asCompany(hub.db, companyId, async (tx) => {
        const rows = await listOwnOrders(tx, { companyId, distributorNo, ...asked(query) });
        const shown = pageOf(rows, query.limit, ({ orderNo }) => String(orderNo));
        const earned = await earnedOfOrders(tx, { companyId, distributorNo, orderNos: shown.rows.map(({ orderNo }) => orderNo) });
        const items = shown.rows.map((row) => ({
          ...{ order_id: String(row.orderNo), name: row.orderName, placed_at: row.placedAt.toISOString(), stage: row.stage },
          ...{ net: amountText(row.netMinor, row.currency), refunded_net: amountText(row.refundedNetMinor, row.currency) },
          ...{ currency: row.currency, code: row.referralCode, self_purchase: row.selfPurchase },
          earned: earned
            .filter(({ sourceNo }) => sourceNo === row.orderNo)
            .map(({ currency, amountMinor }) => ({ currency, amount: amountText(amountMinor, currency) })),
        }));
        return { items, next: shown.next };
      });
      return c.json(found, 200);
    })
    .openapi(order, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const orderNo = BigInt(c.req.valid("param").order_id);
      const network = await networkOf(seller.companyId);
      return c.json(await asCompany(hub.db, seller.companyId, (tx) => tellOrder(hub, tx, { seller, network, orderNo })), 200);
    })
    .openapi(period, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const { companyId, distributorNo } = seller;
      const periodNo = periodNumber(c.req.valid("param").period_id);
      const known = await asCompany(hub.db, companyId, async (tx) => ({
        period: await findPeriod(tx, { companyId, periodNo }),
        me: await readSeller(tx, seller),
        posted: await sumOfPeriod(tx, { companyId, distributorNo, periodNo }),
        plan: await planInForce(tx, { companyId, at: new Date() }),
      }));
      if (known.period === null) throw new HubError("not-found", "There is no such period.");
      const { name, state, currency } = known.period;
      const { distributorId } = known.me;
      const told = await explainPeriod(hub, { companyId, periodNo, actor: seller.actor, distributorId });
      const notPaid = new Map(told.notPaid.map((each) => [each.bonusId, each] as const));
      return c.json(
        {
          ...{ period_id: String(periodNo), name, state, currency, activity: told.activity, rank: told.rank },
          reasons: reasonsAnswer(told.reasons),
          posted: known.posted.map(({ bonusId, amountMinor }) => ({ bonus: bonusId, amount: amountText(amountMinor, currency) })),
          bonuses: told.bonuses.map((each) => ({
            ...{
              bonus: each.bonusId,
              name: known.plan?.bonuses.find(({ id }) => id === each.bonusId)?.name ?? each.bonusId,
              amount: each.amount,
              lines: [...each.lines],
              not_paid: [...(notPaid.get(each.bonusId)?.lines ?? [])],
              reasons: bonusReasonsAnswer(each.reasons, notPaid.get(each.bonusId)),
            },
          })),
        },
        200,
      );
    });
}
