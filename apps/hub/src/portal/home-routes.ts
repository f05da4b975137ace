import { createRoute, z } from "@hono/zod-openapi";
import { ACCOUNTS } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope, signedInOnly } from "../http/auth.ts";
import { publicUrlOf } from "../http/public-url.ts";
import { amountText, answer, currencyText, decimal, newRoutes, problems, time } from "../http/shapes.ts";
import type { NetworkOf } from "../network/routes.ts";
import type { HubParts } from "../parts.ts";
import { referralUrls } from "../referrals/urls.ts";
import { readHome } from "./home.ts";
import { readSeller, sellerOf } from "./seller.ts";
import { money, span, spanAnswer, tags, teammate } from "./shapes.ts";

const identity = createRoute({
  method: "get",
  path: "/",
  security: signedInOnly(),
  operationId: "getPortal",
  tags,
  summary: "Who is signed in as a distributor",
  description: "Everything below `/portal` is about the distributor who is signed in, and about nobody else.",
  responses: {
    200: answer(
      "The distributor",
      z
        .object({
          distributor_id: z.string(),
          name: z.string(),
          status: z.string(),
          rank: z.string().nullable(),
          enrolled_at: time,
          codes: z.array(z.string()).openapi({ description: "The first is the one to show; the own id is a code as well" }),
          url: z.string().openapi({ example: "https://hub.example.com/r/MIRA-SOL" }),
        })
        .openapi("PortalDistributor"),
    ),
    ...problems(401, 403, 404),
  },
});

const home = createRoute({
  method: "get",
  path: "/home",
  security: signedInOnly(),
  operationId: "getPortalHome",
  tags,
  summary: "What was earned in the present period, and what links and team did",
  responses: {
    200: answer(
      "The first page",
      z
        .object({
          span,
          earned: z
            .array(money.extend({ taken_back: decimal.openapi({ description: "Of it, what was taken back; counted already" }) }))
            .openapi({ description: "What the ledger holds for the span, by currency" }),
          balances: z.array(
            z.object({ currency: currencyText, held: decimal, payable: decimal, paid: decimal, recoverable: decimal }),
          ),
          links: z.object({ visitors: z.int(), clicks: z.int(), orders: z.int() }),
          team: z.object({
            people: z.int().openapi({ description: "Everyone below" }),
            orders_this_week: z.int(),
            sellers_this_week: z.int(),
            joined_this_week: z.int(),
            newest: teammate.extend({ sponsor: teammate.nullable() }).nullable(),
          }),
        })
        .openapi("PortalHome"),
    ),
    ...problems(401, 403, 404),
  },
});

/** Who is signed in, and what they see first. */
export function homeRoutes(hub: HubParts, networkOf: NetworkOf) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(identity, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const row = await asCompany(hub.db, seller.companyId, (tx) => readSeller(tx, seller));
      const codes = [...(row.codes ?? []), row.distributorId];
      const url = await referralUrls(hub, publicUrlOf(hub.env, c.req.url), seller.companyId);
      return c.json(
        {
          ...{ distributor_id: row.distributorId, name: row.name, status: row.status, rank: row.rank, codes },
          ...{ enrolled_at: row.enrolledAt.toISOString(), url: url(codes[0] ?? row.distributorId) },
        },
        200,
      );
    })
    .openapi(home, async (c) => c.json(homeAnswer(await readHome(hub, networkOf, sellerOf(c.get("caller")))), 200));
}

function homeAnswer({ span, below, earned, balances, links, sold, joined }: Awaited<ReturnType<typeof readHome>>) {
  const mate = (no: number | undefined) => {
    const found = no === undefined ? undefined : joined.names.get(no);
    return found === undefined ? null : { distributor_id: found.distributorId, name: found.name };
  };
  const newest = mate(joined.newest);
  return {
    span: spanAnswer(span),
    earned: [...Map.groupBy(earned, ({ currency }) => currency)].map(([currency, rows]) => {
      const takenBack = rows.reduce((sum, row) => sum + row.takenBackMinor, 0n);
      const sum = rows.reduce((all, row) => all + row.earnedMinor, 0n) - takenBack;
      return { currency, amount: amountText(sum, currency), taken_back: amountText(takenBack, currency) };
    }),
    balances: [...Map.groupBy(balances, ({ currency }) => currency)].map(([currency, rows]) => {
      const of = (account: keyof typeof ACCOUNTS) =>
        amountText(rows.find((row) => row.account === ACCOUNTS[account])?.balance ?? 0n, currency);
      return { currency, held: of("held"), payable: of("payable"), paid: of("paid"), recoverable: of("recoverable") };
    }),
    links,
    team: {
      ...{ people: below, orders_this_week: sold.orders, sellers_this_week: sold.people, joined_this_week: joined.count },
      newest: newest && { ...newest, sponsor: mate(joined.sponsorNo) },
    },
  };
}
