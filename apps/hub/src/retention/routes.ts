import { createRoute, z } from "@hono/zod-openapi";
import {
  checkRetention,
  defaultRetention,
  type Retention,
  type RetentionChoice,
  readRetentionChoice,
  setRetention,
} from "../companies/retention.ts";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, exactJson, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { MOST_COUNTED, previewRetention } from "./preview.ts";

const tags = ["Company"];
const LONGEST = 3_650;
const days = (least: number) =>
  z
    .int()
    .refine((count) => count === 0 || (count >= least && count <= LONGEST), `write ${least} to ${LONGEST} days, or 0 for ever`)
    .nullable();

const choice = z
  .strictObject({
    body_days: days(7).openapi({ description: "What shops sent, after it was processed; null: as the hub is set, 0: for ever" }),
    delivery_days: days(30).openapi({
      description:
        "The rest of a delivery, with what became of it, once its body is erased; null: as the hub is set, 0: for ever",
    }),
    click_days: days(30).openapi({ description: "How often links were followed, by day; null and 0: for ever" }),
  })
  .openapi("RetentionChoice");

const plain = z.object({ body_days: z.int(), delivery_days: z.int(), click_days: z.int() });
const retention = choice.extend({ defaults: plain.openapi({ description: "As the hub is set" }) }).openapi("Retention");

const read = createRoute({
  method: "get",
  path: "/",
  operationId: "getRetention",
  tags,
  summary: "For how long the company's data is kept",
  responses: { 200: answer("The choice, and how the hub is set", retention), ...problems(401, 403) },
});

const json = { body: { required: true, content: { "application/json": { schema: choice } } } };

const set = createRoute({
  method: "put",
  path: "/",
  operationId: "setRetention",
  tags,
  summary: "Set for how long the company's data is kept",
  description: "Counts from the next run of the jobs on, each hour. What is erased does not come back. Audited.",
  middleware: [demandAdmin, exactJson] as const,
  request: json,
  responses: { 200: answer("The choice as it is now", retention), ...problems(400, 401, 403, 422) },
});

const count = z.int().openapi({ description: `At most ${MOST_COUNTED}: that many, or more` });

const preview = createRoute({
  method: "post",
  path: "/preview",
  operationId: "previewRetention",
  tags,
  summary: "How many rows would go at the next run, with such a choice",
  description: "Nothing is written. Deliveries are counted whose bodies are erased by now.",
  middleware: [demandAdmin, exactJson] as const,
  request: json,
  responses: {
    200: answer("The counts", z.object({ bodies: count, deliveries: count, clicks: count }).openapi("RetentionPreview")),
    ...problems(400, 401, 403, 422),
  },
});

export function retentionRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  const answerFor = async (companyId: number): Promise<z.infer<typeof retention>> => {
    const { bodyDays, deliveryDays, clickDays } = await asCompany(hub.db, companyId, (tx) => readRetentionChoice(tx, companyId));
    const defaults = plainOf(defaultRetention(hub.env));
    return { body_days: bodyDays, delivery_days: deliveryDays, click_days: clickDays, defaults };
  };
  return routes
    .openapi(read, async (c) => c.json(await answerFor(c.get("caller").companyId), 200))
    .openapi(set, async (c) => {
      const { companyId, actor } = c.get("caller");
      await setRetention(hub, { companyId, actor, ...choiceOf(c.req.valid("json")) });
      return c.json(await answerFor(companyId), 200);
    })
    .openapi(preview, async (c) => {
      const { companyId } = c.get("caller");
      const wanted = checkRetention(choiceOf(c.req.valid("json")), hub.env);
      return c.json(await previewRetention(hub, { companyId, retention: wanted, now: new Date() }), 200);
    });
}

const choiceOf = ({ body_days, delivery_days, click_days }: z.output<typeof choice>): RetentionChoice => ({
  ...{ bodyDays: body_days, deliveryDays: delivery_days, clickDays: click_days },
});

const plainOf = ({ bodyDays, deliveryDays, clickDays }: Retention) => ({
  ...{ body_days: bodyDays, delivery_days: deliveryDays, click_days: clickDays },
});
