import { targetsOf } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import { readPosted } from "../ledger/transfers.ts";
import { recompute } from "./decide.ts";
import type { PipelineContext } from "./pipeline.ts";
import { readSnapshot } from "./snapshot.ts";

export interface AuditResult {
  readonly orders: number;
  readonly entries: number;
  /** Entries whose ledger balance is not what the stored inputs give when computed again. */
  readonly differences: readonly {
    readonly orderNo: bigint;
    readonly entryKey: string;
    readonly postedMinor: bigint;
    readonly recomputedMinor: bigint;
  }[];
  /** Per currency, the sum over all accounts of credits less debits: zero. */
  readonly sums: readonly { readonly currency: string; readonly sumMinor: bigint }[];
  readonly balanced: boolean;
}

const PAGE = 500;

/**
 * Computes every commission of a company again from the stored snapshots and compares it with the
 * ledger, entry by entry, to the last unit. Reads only; memory stays bounded by pages.
 */
export async function auditLedger(context: PipelineContext, companyId: number): Promise<AuditResult> {
  const directory = await context.directories.refresh(companyId);
  const differences: AuditResult["differences"][number][] = [];
  let orders = 0;
  let entries = 0;
  for (let after = 0n; ; ) {
    const page = await asCompany(context.db, companyId, async (tx) => {
      const rows = await tx<{ order_no: bigint; snapshot: string }[]>`
        select o.order_no, r.snapshot from orders o
          join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = o.revision
         where o.company_id = ${companyId} and o.order_no > ${after} order by o.order_no limit ${PAGE}`;
      const posted = await readPosted(tx, {
        companyId,
        orderNos: rows.map((row) => row.order_no),
        idOf: (no) => directory.idOf(no),
      });
      return { rows, posted };
    });
    if (page.rows.length === 0) break;
    for (const row of page.rows) {
      const snapshot = readSnapshot(row.snapshot);
      const targets = targetsOf(snapshot.state, recompute(snapshot, directory).entries);
      const posted = page.posted.get(row.order_no) ?? new Map();
      orders += 1;
      for (const entryKey of new Set([...targets.keys(), ...posted.keys()])) {
        entries += 1;
        const recomputedMinor = targets.get(entryKey)?.amountMinor ?? 0n;
        const postedMinor = posted.get(entryKey)?.amountMinor ?? 0n;
        if (recomputedMinor !== postedMinor) differences.push({ orderNo: row.order_no, entryKey, postedMinor, recomputedMinor });
      }
      after = row.order_no;
    }
  }
  const sums = await sumAccounts(context, companyId);
  return { orders, entries, differences, sums, balanced: differences.length === 0 && sums.every((one) => one.sumMinor === 0n) };
}

/** Folds the transfers into accounts, and the accounts into one sum per currency. */
async function sumAccounts(context: PipelineContext, companyId: number): Promise<AuditResult["sums"]> {
  const rows = await asCompany(
    context.db,
    companyId,
    (tx) => tx<{ currency: string; sum: bigint }[]>`
      with moves as (
        select credit_owner as owner, credit_account as account, currency, amount from transfers where company_id = ${companyId}
        union all
        select debit_owner, debit_account, currency, -amount from transfers where company_id = ${companyId}),
      accounts as (select owner, account, currency, sum(amount) as balance from moves group by owner, account, currency)
      select currency, sum(balance)::bigint as sum from accounts group by currency order by currency`,
  );
  return rows.map((row) => ({ currency: row.currency, sumMinor: row.sum }));
}
