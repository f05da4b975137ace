import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { amountText, answer, currencyText, decimal, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { readDate } from "../row-errors.ts";
import { type DayFigure, dailyFigures } from "./balances.ts";

const DAYS_MAX = 400;
const DAY_MS = 86_400_000;

const day = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && readDate(text) !== null, "write a day such as 2026-06-01")
  .openapi({ example: "2026-06-01" });

const dayFigure = z
  .object({
    day,
    currency: currencyText,
    commissions: decimal.openapi({ description: "Booked for distributors" }),
    clawbacks: decimal.openapi({ description: "Taken back from distributors" }),
    breakage: decimal.openapi({ description: "What nobody qualified for, less what of it was taken back" }),
    transfers: z.int().openapi({ description: "Rows of the ledger" }),
  })
  .openapi("DayFigure");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listDailyFigures",
  tags: ["Ledger"],
  summary: "What the ledger's entries of each day come to, by currency, the newest day first",
  description:
    "Days are UTC's, of the time at which entries took effect: an order's time, or the last moment of a closed period. " +
    "So a clawback counts on its order's day. A day without entries is left out.",
  request: {
    query: z.object({
      from: day.openapi({ description: "The first day" }),
      to: day.openapi({ description: `The last day; at most ${DAYS_MAX} days` }),
    }),
  },
  responses: {
    200: answer("One row for each day and currency", z.object({ items: z.array(dayFigure) })),
    ...problems(400, 401, 403),
  },
});

export function dayRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(list, async (c) => {
    const { companyId } = c.get("caller");
    const { from, to } = c.req.valid("query");
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days < 1 || days > DAYS_MAX)
      throw new HubError("bad-request", `Take \`from\` and \`to\` of at most ${DAYS_MAX} days, the first day first.`);
    const rows = await asCompany(hub.db, companyId, (tx) => dailyFigures(tx, { companyId, from, to }));
    const items = [...Map.groupBy(rows, (row) => `${row.day} ${row.currency}`).values()].map(dayAnswer);
    return c.json({ items }, 200);
  });
}

function dayAnswer(rows: readonly DayFigure[]): z.infer<typeof dayFigure> {
  const { day = "", currency = "" } = rows[0] ?? {};
  const of = (kind: DayFigure["kind"]) => rows.find((row) => row.kind === kind)?.amount ?? 0n;
  return {
    day,
    currency,
    commissions: amountText(of("commission"), currency),
    clawbacks: amountText(of("clawback"), currency),
    breakage: amountText(of("breakage") - of("breakage-clawback"), currency),
    transfers: Number(rows.reduce((sum, row) => sum + row.transfers, 0n)),
  };
}
