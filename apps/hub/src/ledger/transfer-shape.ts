import { z } from "@hono/zod-openapi";
import { ACCOUNTS } from "@upline/core";
import { amountText, currencyText, decimal, idText, time } from "../http/shapes.ts";
import type { OrderTransferRow } from "./queries.ts";

/** One row of the ledger with both its accounts, as the API shows it. */
export const transfer = z
  .object({
    event_id: idText,
    revision: z.int(),
    entry: z.string(),
    kind: z.string(),
    distributor_id: z.string().nullable(),
    amount: decimal,
    currency: currencyText,
    debit: z.object({ owner: z.string().nullable(), account: z.string() }),
    credit: z.object({ owner: z.string().nullable(), account: z.string() }),
    effective_at: time,
    recorded_at: time,
  })
  .openapi("Transfer");

const ACCOUNT_NAMES = new Map<number, string>(Object.entries(ACCOUNTS).map(([name, no]) => [no, name]));

export function transferAnswer(row: OrderTransferRow): z.infer<typeof transfer> {
  const account = (no: number) => ACCOUNT_NAMES.get(no) ?? String(no);
  return {
    event_id: String(row.transferId),
    revision: row.revision,
    entry: row.entryKey,
    kind: row.kind,
    distributor_id: row.distributorId,
    amount: amountText(row.amount, row.currency),
    currency: row.currency,
    debit: { owner: row.debitOwner, account: account(row.debitAccount) },
    credit: { owner: row.creditOwner, account: account(row.creditAccount) },
    effective_at: row.effectiveAt.toISOString(),
    recorded_at: row.recordedAt.toISOString(),
  };
}
