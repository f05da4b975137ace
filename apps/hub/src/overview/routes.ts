import { createRoute, z } from "@hono/zod-openapi";
import { parseAmount } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { amountText, answer, currencyText, decimal, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { NEWEST, type Promised, readPromise } from "./promise.ts";
import { countToDos, MOST_COUNTED, type ToDos } from "./to-dos.ts";

const count = z.int().openapi({ description: `At most ${MOST_COUNTED}: that many, or more` });

const toDos = z
  .object({
    quarantined_skus: count,
    unresolved_orders: count,
    dead_letters: count,
    waiting_deliveries: count,
    proposals: count,
    enrolments: count,
  })
  .openapi("ToDos");

const promise = z
  .object({
    acknowledged_ms: z
      .number()
      .nullable()
      .openapi({ description: "Within which 99 of 100 deliveries were answered, by this hub since it started; null: none yet" }),
    emitted_ms: z
      .number()
      .nullable()
      .openapi({ description: `Within which the commissions of 99 of 100 were there, of the newest ${NEWEST}` }),
    deliveries: z.int().openapi({ description: `How many of the newest ${NEWEST} are processed` }),
    repeats: z.int().openapi({ description: "Of them, how many were known already and changed nothing" }),
    compared_orders: z.int().openapi({ description: "Orders that the shops' newest comparisons went through" }),
    deltas: z
      .array(z.object({ currency: currencyText, delta: decimal }))
      .openapi({ description: "What differs still between shops and hub" }),
  })
  .openapi("Promise");

const read = createRoute({
  method: "get",
  path: "/",
  operationId: "getOverview",
  tags: ["Overview"],
  summary: "What waits for somebody, and how fast orders are served",
  description:
    "Products without a mapping (`/quarantine`), orders whose code leads to nobody (`/orders?unresolved=true`), dead letters and deliveries that are tried again (`/deliveries`), closes that wait for a second person (`/periods`), people who want to join and wait for the company (`/enrolments?state=confirmed`).",
  responses: {
    200: answer("The counts, and how the company is served", z.object({ to_dos: toDos, promise })),
    ...problems(401, 403),
  },
});

export function overviewRoutes(hub: Pick<HubParts, "db" | "metrics">) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(read, async (c) => {
    const { companyId } = c.get("caller");
    const found = await asCompany(hub.db, companyId, async (tx) => ({
      toDos: await countToDos(tx, companyId),
      promised: await readPromise(tx, companyId),
    }));
    const acks = hub.metrics.recentAcks;
    const acknowledgedMs = acks.count === 0 ? null : acks.quantile(0.99);
    return c.json({ to_dos: toDosAnswer(found.toDos), promise: promiseAnswer(found.promised, acknowledgedMs) }, 200);
  });
}

export function toDosAnswer(found: ToDos): z.infer<typeof toDos> {
  return {
    quarantined_skus: found.quarantinedSkus,
    unresolved_orders: found.unresolvedOrders,
    dead_letters: found.deadLetters,
    waiting_deliveries: found.waitingDeliveries,
    proposals: found.proposals,
    enrolments: found.enrolments,
  };
}

function promiseAnswer(
  { emitMs, deliveries, repeats, deltas }: Promised,
  acknowledgedMs: number | null,
): z.infer<typeof promise> {
  const rounded = (ms: number | null) => (ms === null ? null : Number(ms.toFixed(1)));
  const found = deltas.flatMap(({ delta }) => Object.entries(delta).map(([currency, amount]) => ({ currency, amount })));
  return {
    ...{ acknowledged_ms: rounded(acknowledgedMs), emitted_ms: rounded(emitMs), deliveries, repeats },
    compared_orders: deltas.reduce((sum, { checked }) => sum + checked, 0),
    deltas: [...Map.groupBy(found, ({ currency }) => currency)].map(([currency, all]) => ({
      currency,
      delta: amountText(
        all.reduce((sum, { amount }) => sum + parseAmount(amount, currency), 0n),
        currency,
      ),
    })),
  };
}
