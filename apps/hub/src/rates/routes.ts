import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  asked,
  currencyText,
  demandAdmin,
  exactJson,
  listOf,
  newRoutes,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { type ListedRate, listRates } from "./queries.ts";
import { setRate } from "./set.ts";

const rateText = z.string().openapi({ example: "1.27151", description: 'Of `to` for one of `from`; or "1/1.33333"' });
const rate = z
  .object({ from: currencyText, to: currencyText, rate: rateText, valid_from: time, set_by: z.string(), recorded_at: time })
  .openapi("ExchangeRate");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listExchangeRates",
  tags: ["Exchange rates"],
  summary: "Exchange rates, the one set last first",
  description: "A rate never changes: of one day the one that was set last counts. Nothing is inverted.",
  request: { query: page.extend({ from_currency: currencyText.optional(), to_currency: currencyText.optional() }) },
  responses: { 200: answer("A page of rates", listOf(rate)), ...problems(400, 401, 403) },
});

const set = createRoute({
  method: "post",
  path: "/",
  operationId: "setExchangeRate",
  tags: ["Exchange rates"],
  summary: "Set a rate, and compute the orders that wait for one",
  description: "Needs the scope `admin`. Orders already computed keep the rate they were locked to.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .object({
              from: currencyText,
              to: currencyText,
              rate: rateText,
              valid_from: z.string().openapi({ example: "2026-06-01", description: "For orders placed from this time on" }),
            })
            .openapi("NewExchangeRate"),
        },
      },
    },
  },
  responses: {
    200: answer(
      "Set",
      z.object({ released_orders: z.int().openapi({ description: "Orders that waited and are computed now" }) }),
    ),
    ...problems(400, 401, 403, 422),
  },
});

/** `release` computes the orders of a company again that wait for a rate or a mapping. */
export function rateRoutes(hub: HubParts, release: (companyId: number) => Promise<{ orders: number }>) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listRates(tx, { companyId, ...asked(query), from: query.from_currency, to: query.to_currency }),
      );
      const shown = pageOf(rows, query.limit, (row) => String(row.rateNo));
      return c.json({ items: shown.rows.map(rateAnswer), next: shown.next }, 200);
    })
    .openapi(set, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { from, to, rate: text, valid_from } = c.req.valid("json");
      await setRate(hub, { companyId, from, to, rate: text, validFrom: momentOf(valid_from), actor });
      const { orders } = await release(companyId);
      return c.json({ released_orders: orders }, 200);
    });
}

/** A day begins in UTC. */
export function momentOf(text: string): Date {
  const moment = new Date(text);
  if (/^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(moment.getTime())) return moment;
  const message = 'is no day such as "2026-06-01", nor a time with its zone';
  throw new HubError("unprocessable", `valid_from ${message}.`, { fields: [{ path: "valid_from", message }] });
}

function rateAnswer(row: ListedRate): z.infer<typeof rate> {
  return {
    from: row.fromCurrency,
    to: row.toCurrency,
    rate: row.rate,
    valid_from: row.validFrom.toISOString(),
    set_by: row.setBy,
    recorded_at: row.recordedAt.toISOString(),
  };
}
