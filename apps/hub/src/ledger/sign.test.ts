import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { TRANSFER_KINDS } from "../db/schema/ledger.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { currencyNo, kindNo } from "./numbers.ts";
import { listLedger } from "./queries.ts";
import { SIGNS, signedAmount } from "./sign.ts";
import { readPosted } from "./transfers.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

/** What the document's ledger shows for 5.00 of each kind. */
const SHOWN = { commission: 500n, clawback: -500n, breakage: 500n, "breakage-clawback": -500n };

test("the ledger's view, the posted sums and the rule agree on the sign of every kind", async () => {
  const { companyId } = hub.company;
  const wordOf = await hub.pipeline.words.learn(companyId, TRANSFER_KINDS);
  const found = await asCompany(hub.db, companyId, async (tx) => {
    for (const [index, kind] of TRANSFER_KINDS.entries())
      await tx`
        insert into transfer_rows (company_id, source_kind, source_no, revision, seq, kind_no, bonus_no, line, level, distributor_no,
          debit_account, credit_account, amount, currency_no, effective_at)
        values (${companyId}, 1, 77, 1, ${index}, ${kindNo(kind)}, ${wordOf(kind)}, 1, 0, 0, 10, 11, 500, ${currencyNo("USD")}, now())`;
    return {
      view: await listLedger(tx, { companyId, orderId: 77n, limit: 10 }),
      posted: await readPosted(tx, { companyId, orderNos: [77n], idOf: () => null }),
      signed: await tx`select t.kind, ${signedAmount(tx)} as amount from transfers t where t.source_no = 77`,
    };
  });
  expect(Object.fromEntries(found.view.map((entry) => [entry.kind, entry.amountMinor]))).toStrictEqual(SHOWN);
  expect(Object.fromEntries(found.signed.map((row) => [row.kind, row.amount]))).toStrictEqual(SHOWN);
  expect(
    Object.fromEntries(
      [...(found.posted.get(77n) ?? [])].map(([key, target]) => [key.slice(0, key.indexOf(":")), target.amountMinor]),
    ),
  ).toStrictEqual(SHOWN);
  expect(Object.fromEntries(TRANSFER_KINDS.map((kind) => [kind, SIGNS[kind] * 500n]))).toStrictEqual(SHOWN);
});
