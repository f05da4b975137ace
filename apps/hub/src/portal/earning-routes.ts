import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope, signedInOnly } from "../http/auth.ts";
import {
  amountText,
  answer,
  currencyText,
  decimal,
  flag,
  idText,
  listOf,
  newRoutes,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import { SIGNS } from "../ledger/sign.ts";
import type { Network } from "../network/network.ts";
import type { NetworkOf } from "../network/routes.ts";
import type { HubParts } from "../parts.ts";
import { readSources, type Sources } from "./earning-sources.ts";
import { type EarningRow, firstEarnedAt, listEarnings, sumBonuses } from "./earnings-queries.ts";
import { type SeenPerson, seenPeople } from "./people-shapes.ts";
import { type Seller, sellerOf } from "./seller.ts";
import { span, spanAnswer, tags, teammate } from "./shapes.ts";
import { readSpans, type Span } from "./spans.ts";

export const CURSOR = /^-?\d{1,18}~\d{1,18}$/;
const named = z.string().max(40).optional().openapi({ description: "The span's name; the present one where it is left out" });

const sum = z
  .object({
    bonus: z.string(),
    name: z.string().openapi({ description: "As the plan in force calls it" }),
    currency: currencyText,
    earned: decimal,
    taken_back: decimal,
  })
  .openapi("PortalBonusSum");

const spans = createRoute({
  method: "get",
  path: "/earnings/spans",
  security: signedInOnly(),
  operationId: "listPortalSpans",
  tags,
  summary: "The periods in which something was earned, the present one first",
  responses: { 200: answer("The spans", z.object({ items: z.array(span) })), ...problems(401, 403, 404) },
});

const sums = createRoute({
  method: "get",
  path: "/earnings/sums",
  security: signedInOnly(),
  operationId: "getPortalEarnings",
  tags,
  summary: "What each bonus brought in a period",
  description: "By the ledger, to the last unit: what was earned less what was taken back is what Home shows.",
  request: { query: z.object({ span: named }) },
  responses: { 200: answer("The sums", z.object({ span, items: z.array(sum) })), ...problems(400, 401, 403, 404) },
});

const earning = z
  .object({
    key: z.string(),
    kind: z.enum(["order", "close"]),
    order_id: idText.nullable(),
    period_id: idText.nullable(),
    /** What it is called by: the order's name, or the period's. */
    name: z.string(),
    bonus: z.string(),
    level: z.int().openapi({ description: "0 is the own sale" }),
    at: time,
    amount: decimal.openapi({ description: "Below zero where it was taken back" }),
    currency: currencyText,
    taken_back: z.boolean(),
    how: z
      .enum(["own-order", "code", "customer", "sold-by", "close"])
      .openapi({ description: "Bought by oneself, by a code, by a customer of one's own, or sold by somebody below" }),
    sold_by: teammate.nullable(),
  })
  .openapi("PortalEarning");

const list = createRoute({
  method: "get",
  path: "/earnings",
  security: signedInOnly(),
  operationId: "listPortalEarnings",
  tags,
  summary: "What was earned in a period, one row for each bonus of an order or close, the newest first",
  request: {
    query: z.object({
      span: named,
      bonus: z.string().max(100).optional(),
      taken_back: flag.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      before: z.string().regex(CURSOR, "take it from `next` of the page before").optional(),
    }),
  },
  responses: { 200: answer("A page of earnings", listOf(earning)), ...problems(400, 401, 403, 404) },
});

export function earningRoutes(hub: HubParts, networkOf: NetworkOf) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(spans, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const found = await asCompany(hub.db, seller.companyId, (tx) => ownSpans(tx, seller));
      return c.json({ items: found.spans.map(spanAnswer) }, 200);
    })
    .openapi(sums, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const { span: name } = c.req.valid("query");
      return c.json(await asCompany(hub.db, seller.companyId, (tx) => readSums(tx, seller, name)), 200);
    })
    .openapi(list, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const { span: name, bonus, taken_back, limit, before } = c.req.valid("query");
      const network = await networkOf(seller.companyId);
      const found = await asCompany(hub.db, seller.companyId, async (tx) => {
        const at = await spanNamed(tx, seller, name);
        const rows = await listEarnings(tx, {
          ...{ companyId: seller.companyId, distributorNo: seller.distributorNo, startsAt: at.startsAt, endsAt: at.endsAt },
          ...{ bonusId: bonus, takenBack: taken_back === undefined ? undefined : taken_back === "true", limit: limit + 1 },
          before: before === undefined ? undefined : cursorOf(before),
        });
        const shown = pageOf(rows, limit, ({ atMicros, lastId }) => `${atMicros}~${lastId}`);
        return { items: await earningAnswers(tx, { seller, network }, shown.rows), next: shown.next };
      });
      return c.json(found, 200);
    });
}

export function cursorOf(text: string): { atMicros: string; lastId: string } {
  const [atMicros = "0", lastId = "0"] = text.split("~");
  return { atMicros, lastId };
}

type Whose = Pick<Seller, "companyId" | "distributorNo">;

export async function ownSpans(tx: Tx, seller: Whose) {
  return readSpans(tx, { companyId: seller.companyId, now: new Date(), since: await firstEarnedAt(tx, seller) });
}

export async function spanNamed(tx: Tx, seller: Whose, name: string | undefined): Promise<Span> {
  const { spans: known } = await ownSpans(tx, seller);
  const found = name === undefined ? known[0] : known.find((each) => each.name === name);
  if (found === undefined) throw new HubError("not-found", "There is no such period. GET /api/portal/earnings/spans lists them.");
  return found;
}

async function readSums(tx: Tx, seller: Seller, name: string | undefined) {
  const { spans: known, plan } = await ownSpans(tx, seller);
  const found = name === undefined ? known[0] : known.find((each) => each.name === name);
  if (found === undefined) throw new HubError("not-found", "There is no such period. GET /api/portal/earnings/spans lists them.");
  const { companyId, distributorNo } = seller;
  const rows = await sumBonuses(tx, { companyId, distributorNo, startsAt: found.startsAt, endsAt: found.endsAt });
  const items = rows.map(({ bonusId, currency, earnedMinor, takenBackMinor }) => ({
    ...{ bonus: bonusId, currency, earned: amountText(earnedMinor, currency), taken_back: amountText(takenBackMinor, currency) },
    name: plan?.bonuses.find(({ id }) => id === bonusId)?.name ?? bonusId,
  }));
  return { span: spanAnswer(found), items };
}

async function earningAnswers(
  tx: Tx,
  { seller, network }: { seller: Seller; network: Network },
  rows: readonly EarningRow[],
): Promise<z.infer<typeof earning>[]> {
  const sources = await readSources(tx, { companyId: seller.companyId, rows });
  const sellers = [...sources.orders.values()].flatMap(({ distributorNo }) => distributorNo ?? []);
  const people = await seenPeople(tx, { seller, network, now: Date.now() }, sellers);
  return rows.map((row) => ({
    key: `${row.atMicros}~${row.lastId}`,
    ...{ bonus: row.bonusId, level: row.level, at: row.effectiveAt.toISOString(), currency: row.currency },
    ...{ amount: amountText(row.amountMinor, row.currency), taken_back: SIGNS[row.kind] < 0n },
    ...sourceAnswer(row, sources, { own: seller.distributorNo, people }),
  }));
}

function sourceAnswer(
  { sourceKind, sourceNo }: EarningRow,
  { orders, periods }: Sources,
  { own, people }: { own: number; people: ReadonlyMap<number, SeenPerson> },
) {
  const period = sourceKind === 2 ? periods.get(String(sourceNo)) : undefined;
  if (period !== undefined) {
    const ids = { order_id: null, period_id: String(period.periodNo), sold_by: null };
    return { kind: "close" as const, name: period.name, how: "close" as const, ...ids };
  }
  const order = orders.get(String(sourceNo));
  const isOwn = order?.distributorNo === own;
  const how = !isOwn
    ? ("sold-by" as const)
    : order.selfPurchase
      ? ("own-order" as const)
      : order.referralCode === null
        ? ("customer" as const)
        : ("code" as const);
  return {
    ...{ kind: "order" as const, order_id: String(sourceNo), period_id: null, name: order?.orderName ?? "", how },
    sold_by: isOwn || order?.distributorNo == null ? null : (people.get(order.distributorNo) ?? null),
  };
}
