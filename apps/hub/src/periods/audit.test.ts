import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../program.ts";
import { closeMonth, JUNE, openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let company: PeriodCompany;
beforeAll(async () => {
  hub = await openTestHub();
  company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  await closeMonth(hub, company, await openMonth(hub, company, "2026-06"));
});
afterAll(() => hub.close());

async function audit(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runCli(["audit", "--company", company.slug, ...args], {
    env: { DATABASE_URL: hub.db.url, UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64") },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTerminal: false,
  });
  return { code, out, err };
}

/** The newest transfer of an order (1) or a close (2) once more, under another number: what nobody but a forger writes. */
async function forge(sourceKind: 1 | 2): Promise<void> {
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  try {
    await owner`
      insert into transfer_rows (company_id, source_kind, source_no, revision, seq, kind_no, bonus_no, line, level, distributor_no, debit_account,
        credit_account, amount, currency_no, effective_at)
      select company_id, source_kind, source_no, revision, seq + 1000, kind_no, bonus_no, line, level, distributor_no, debit_account,
             credit_account, 7, currency_no, effective_at
        from transfer_rows where company_id = ${company.companyId} and source_kind = ${sourceKind} and distributor_no > 0
       order by transfer_id desc limit 1`;
  } finally {
    await owner.end();
  }
}

test("orders and closes are computed again; a transfer too many is named, and the exit code is 1", async () => {
  const clean = await audit();
  expect(clean.code, clean.err).toBe(0);
  expect(clean.err).toMatch(/computing the close of 2026-06 again/);
  expect(clean.out).toMatch(
    /^Computed again: orders 5, their commissions \d+, closed periods 1\. All is as posted, and every currency balances\.$/m,
  );

  await forge(2);
  const close = await audit();
  expect(close.code).toBe(1);
  expect(close.out).toMatch(/^period 2026-06 +stairs:[AB]\d +-0\.07 USD$/m);
  expect(close.err).toMatch(/The ledger is not what its stored inputs give\. .* Amounts of closes that differ: 1\.\n$/);

  await forge(1);
  const both = await audit("--json");
  expect(both.code).toBe(1);
  const { orders, periods, differences, balances } = JSON.parse(both.out);
  expect({ orders, periods, balances }).toStrictEqual({ orders: 5, periods: 1, balances: [{ currency: "USD", sumMinor: "0" }] });
  expect(differences.map(({ missing }: { missing: string }) => missing)).toStrictEqual(["-7 minor units", "-0.07 USD"]);
  expect(both.err).toMatch(/Commissions of orders that differ: 1; Amounts of closes that differ: 1\.\n$/);
});
