import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { amountText, answer, currencyText, day, decimal, distributorText, newRoutes, problems } from "../http/shapes.ts";
import { findDistributorNo } from "../network/queries.ts";
import type { HubParts } from "../parts.ts";
import { findStore } from "../stores/queries.ts";
import { type DayFigure, type DaysOf, dailyFigures } from "./balances.ts";
import { type NetSalesOfDay, netSalesOfDays } from "./net-sales.ts";

const DAYS_MAX = 400;
const DAY_MS = 86_400_000;

const dayFigure = z
  .object({
    day,
    currency: currencyText,
    net_sales: decimal.openapi({
      description:
        "Orders placed that day that are paid: their net less what of it was refunded; GET /orders?placed_on=…&stage=earned",
    }),
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
  "Days are UTC's: of sales the order's time, of entries the time at which they took effect, which is an order's time or the last moment of a " +
  "closed period. So a refund and a clawback count on their order's day. Sales are in the orders' currency, entries in their plan's. " +
  "A day with neither is left out.";

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listDailyFigures",
  tags: ["Ledger"],
  summary: "What was sold on each day, and what the ledger's entries come to, by currency, the newest day first",
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
      return c.json({ items: await asCompany(hub.db, companyId, (tx) => readDays(tx, days)) }, 200);
    })
    .openapi(ofStore, async (c) => {
      const { companyId } = c.get("caller");
      const { store_id: storeId } = c.req.valid("param");
      const days = { companyId, ...checkSpan(c.req.valid("query")), of: { storeId } };
      const items = await asCompany(hub.db, companyId, async (tx) => {
        const store = await findStore(tx, { companyId, storeId });
        return store === null ? null : readDays(tx, days);
      });
      if (items === null) throw new HubError("not-found", `There is no store "${storeId}".`);
      return c.json({ items }, 200);
    })
    .openapi(ofDistributor, async (c) => {
      const { companyId } = c.get("caller");
      const { distributor_id: distributorId } = c.req.valid("param");
      const days = { companyId, ...checkSpan(c.req.valid("query")) };
      const items = await asCompany(hub.db, companyId, async (tx) => {
        const distributorNo = await findDistributorNo(tx, { companyId, distributorId });
        return distributorNo === null ? null : readDays(tx, { ...days, of: { distributorNo } });
      });
      if (items === null) throw new HubError("not-found", `There is no distributor "${distributorId}".`);
      return c.json({ items }, 200);
    });
}

function checkSpan({ from, to }: z.infer<typeof span>): z.infer<typeof span> {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1 || days > DAYS_MAX)
    throw new HubError("bad-request", `Take \`from\` and \`to\` of at most ${DAYS_MAX} days, the first day first.`);
  return { from, to };
}

type DayAnswer = z.infer<typeof dayFigure>;

/** Both figures of each day, the newest day first, and of a day by currency. */
async function readDays(tx: Tx, days: { companyId: number; from: string; to: string; of?: DaysOf }): Promise<DayAnswer[]> {
  const [entries, sales] = await Promise.all([dailyFigures(tx, days), netSalesOfDays(tx, days)]);
  const keyOf = ({ day, currency }: Pick<DayFigure, "day" | "currency">) => `${day} ${currency}`;
  const entriesOf = Map.groupBy(entries, keyOf);
  const salesOf = new Map(sales.map((one) => [keyOf(one), one]));
  const keys = [...new Set([...entriesOf.keys(), ...salesOf.keys()])];
  return keys
    .map((key) => dayAnswer(entriesOf.get(key) ?? [], salesOf.get(key)))
    .sort((a, b) => (a.day === b.day ? (a.currency < b.currency ? -1 : 1) : a.day < b.day ? 1 : -1));
}

function dayAnswer(entries: readonly DayFigure[], sold: NetSalesOfDay | undefined): DayAnswer {
  const { day, currency } = sold ?? entries[0] ?? { day: "", currency: "" };
  const of = (kind: DayFigure["kind"]) => entries.find((row) => row.kind === kind)?.amount ?? 0n;
  return {
    day,
    currency,
    net_sales: amountText(sold?.amount ?? 0n, currency),
    commissions: amountText(of("commission"), currency),
    clawbacks: amountText(of("clawback"), currency),
    breakage: amountText(of("breakage") - of("breakage-clawback"), currency),
    transfers: Number(entries.reduce((sum, row) => sum + row.transfers, 0n)),
  };
}
