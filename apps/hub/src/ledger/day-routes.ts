import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { amountText, answer, currencyText, day, decimal, distributorText, newRoutes, problems } from "../http/shapes.ts";
import { findDistributorNo } from "../network/queries.ts";
import type { HubParts } from "../parts.ts";
import { findStore } from "../stores/queries.ts";
import { type DayFigure, dailyFigures } from "./balances.ts";

const DAYS_MAX = 400;
const DAY_MS = 86_400_000;

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

const span = z.object({
  from: day.openapi({ description: "The first day" }),
  to: day.openapi({ description: `The last day; at most ${DAYS_MAX} days` }),
});
const answers = answer("One row for each day and currency", z.object({ items: z.array(dayFigure) }));
const DAYS =
  "Days are UTC's, of the time at which entries took effect: an order's time, or the last moment of a closed period. " +
  "So a clawback counts on its order's day. A day without entries is left out.";

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listDailyFigures",
  tags: ["Ledger"],
  summary: "What the ledger's entries of each day come to, by currency, the newest day first",
  description: DAYS,
  request: { query: span },
  responses: { 200: answers, ...problems(400, 401, 403) },
});

const ofStore = createRoute({
  method: "get",
  path: "/stores/{store_id}",
  operationId: "listDailyFiguresOfStore",
  tags: ["Ledger"],
  summary: "The same of one shop's orders",
  description: `${DAYS} A period's close is of no shop.`,
  request: { params: z.object({ store_id: z.string().max(64) }), query: span },
  responses: { 200: answers, ...problems(400, 401, 403, 404) },
});

const ofDistributor = createRoute({
  method: "get",
  path: "/distributors/{distributor_id}",
  operationId: "listDailyFiguresOfDistributor",
  tags: ["Ledger"],
  summary: "The same of one distributor",
  description: DAYS,
  request: { params: z.object({ distributor_id: distributorText.max(100) }), query: span },
  responses: { 200: answers, ...problems(400, 401, 403, 404) },
});

export function dayRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const days = { companyId, ...checkSpan(c.req.valid("query")) };
      return c.json({ items: dayAnswers(await asCompany(hub.db, companyId, (tx) => dailyFigures(tx, days))) }, 200);
    })
    .openapi(ofStore, async (c) => {
      const { companyId } = c.get("caller");
      const { store_id: storeId } = c.req.valid("param");
      const days = { companyId, ...checkSpan(c.req.valid("query")), of: { storeId } };
      const rows = await asCompany(hub.db, companyId, async (tx) => {
        const store = await findStore(tx, { companyId, storeId });
        return store === null ? null : dailyFigures(tx, days);
      });
      if (rows === null) throw new HubError("not-found", `There is no store "${storeId}".`);
      return c.json({ items: dayAnswers(rows) }, 200);
    })
    .openapi(ofDistributor, async (c) => {
      const { companyId } = c.get("caller");
      const { distributor_id: distributorId } = c.req.valid("param");
      const days = { companyId, ...checkSpan(c.req.valid("query")) };
      const rows = await asCompany(hub.db, companyId, async (tx) => {
        const distributorNo = await findDistributorNo(tx, { companyId, distributorId });
        return distributorNo === null ? null : dailyFigures(tx, { ...days, of: { distributorNo } });
      });
      if (rows === null) throw new HubError("not-found", `There is no distributor "${distributorId}".`);
      return c.json({ items: dayAnswers(rows) }, 200);
    });
}

function checkSpan({ from, to }: z.infer<typeof span>): z.infer<typeof span> {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1 || days > DAYS_MAX)
    throw new HubError("bad-request", `Take \`from\` and \`to\` of at most ${DAYS_MAX} days, the first day first.`);
  return { from, to };
}

const dayAnswers = (rows: readonly DayFigure[]) =>
  [...Map.groupBy(rows, (row) => `${row.day} ${row.currency}`).values()].map(dayAnswer);

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
