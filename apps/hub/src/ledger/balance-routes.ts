import { createRoute, z } from "@hono/zod-openapi";
import { ACCOUNTS, type AccountName } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  amountText,
  answer,
  currencyText,
  decimal,
  distributorText,
  listOf,
  newRoutes,
  numberedPage,
  pageOf,
  problems,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { type AccountBalance, companyBalances, type DistributorBalance, listBalances } from "./balances.ts";

const distributorBalance = z
  .object({
    distributor_id: distributorText,
    currency: currencyText,
    held: decimal.openapi({ description: "Earned and waiting" }),
    payable: decimal.openapi({ example: "0.00", description: "Free to pay" }),
    paid: decimal.openapi({ example: "0.00", description: "Sent" }),
    recoverable: decimal.openapi({ example: "0.00", description: "Owed back after clawbacks" }),
  })
  .openapi("Balance");

const companyBalance = z
  .object({
    currency: currencyText,
    commission_expense: decimal.openapi({ description: "What commissions cost so far; the sum of all other accounts" }),
    breakage: decimal.openapi({ description: "What nobody qualified for, and the company keeps" }),
    payout_clearing: decimal,
    tax_withheld: decimal,
  })
  .openapi("CompanyBalance");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listBalances",
  tags: ["Ledger"],
  summary: "Balances of distributors, by currency",
  description: "Folded from the ledger's transfers at the time of asking; only those who ever earned something are listed.",
  request: { query: numberedPage.extend({ distributor_id: z.string().optional() }) },
  responses: { 200: answer("A page of balances", listOf(distributorBalance)), ...problems(400, 401, 403) },
});

const company = createRoute({
  method: "get",
  path: "/company",
  operationId: "getCompanyBalances",
  tags: ["Ledger"],
  summary: "Balances of the company's own accounts, by currency",
  responses: {
    200: answer("One row for each currency", z.object({ items: z.array(companyBalance) })),
    ...problems(401, 403),
  },
});

export function balanceRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const { distributor_id, before, limit } = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listBalances(tx, {
          companyId,
          limit: limit + 1,
          distributorId: distributor_id,
          before: before === undefined ? undefined : Number(before),
        }),
      );
      const owners = [...Map.groupBy(rows, (row) => row.distributorNo).values()];
      const shown = pageOf(owners, limit, ([first]) => String(first?.distributorNo));
      return c.json({ items: shown.rows.flatMap(distributorAnswer), next: shown.next }, 200);
    })
    .openapi(company, async (c) => {
      const { companyId } = c.get("caller");
      const rows = await asCompany(hub.db, companyId, (tx) => companyBalances(tx, companyId));
      const items = byCurrency(rows).map(([currency, balance]) => ({
        currency,
        // The only account that value comes out of: debits less credits is what was spent.
        commission_expense: amountText(-balance("commission-expense"), currency),
        breakage: amountText(balance("breakage"), currency),
        payout_clearing: amountText(balance("payout-clearing"), currency),
        tax_withheld: amountText(balance("tax-withheld"), currency),
      }));
      return c.json({ items }, 200);
    });
}

type BalanceOf = (account: AccountName) => bigint;

function byCurrency(rows: readonly AccountBalance[]): [currency: string, balance: BalanceOf][] {
  return [...Map.groupBy(rows, (row) => row.currency)].map(([currency, own]) => [
    currency,
    (account) => own.find((row) => row.account === ACCOUNTS[account])?.balance ?? 0n,
  ]);
}

function distributorAnswer(rows: readonly DistributorBalance[]): z.infer<typeof distributorBalance>[] {
  return byCurrency(rows).map(([currency, balance]) => ({
    distributor_id: rows[0]?.distributorId ?? "",
    currency,
    held: amountText(balance("held"), currency),
    payable: amountText(balance("payable"), currency),
    paid: amountText(balance("paid"), currency),
    recoverable: amountText(balance("recoverable"), currency),
  }));
}
