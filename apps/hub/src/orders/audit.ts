import { targetsOf } from "@upline/core";
import { and, asc, eq, gt } from "drizzle-orm";
import { asCompany, asCompanyAtLength, type Tx } from "../db/connect.ts";
import { query, type Sums } from "../db/query.ts";
import type { Transfer } from "../db/schema/ledger.ts";
import { orderRevisions, orders } from "../db/schema/orders.ts";
import { foldDifferences } from "../ledger/fold.ts";
import type { FoldDifference } from "../ledger/fold-difference.ts";
import { netSalesDifferences } from "../ledger/net-sales.ts";
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
  /** Folded balances and daily figures that are not the sum of their transfers, and net sales that are not the sum of their orders. */
  readonly folds: readonly FoldDifference[];
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
  const directory = await context.directories.fresh(companyId);
  const differences: AuditResult["differences"][number][] = [];
  let orderCount = 0;
  let entryCount = 0;
  for (let after = 0n; ; ) {
    const page = await asCompany(context.db, companyId, async (tx) => {
      const rows = await query(tx)
        .select({ orderNo: orders.orderNo, snapshot: orderRevisions.snapshot })
        .from(orders)
        .innerJoin(
          orderRevisions,
          and(
            eq(orderRevisions.companyId, orders.companyId),
            eq(orderRevisions.orderNo, orders.orderNo),
            eq(orderRevisions.revision, orders.revision),
          ),
        )
        .where(and(eq(orders.companyId, companyId), gt(orders.orderNo, after)))
        .orderBy(asc(orders.orderNo))
        .limit(PAGE);
      const posted = await readPosted(tx, {
        companyId,
        orderNos: rows.map((row) => row.orderNo),
        idOf: (no) => directory.idOf(no),
      });
      return { rows, posted };
    });
    if (page.rows.length === 0) break;
    for (const row of page.rows) {
      const snapshot = readSnapshot(row.snapshot);
      const targets = targetsOf(snapshot.state, recompute(snapshot, directory).entries);
      const posted = page.posted.get(row.orderNo) ?? new Map();
      orderCount += 1;
      for (const entryKey of new Set([...targets.keys(), ...posted.keys()])) {
        entryCount += 1;
        const recomputedMinor = targets.get(entryKey)?.amountMinor ?? 0n;
        const postedMinor = posted.get(entryKey)?.amountMinor ?? 0n;
        if (recomputedMinor !== postedMinor) differences.push({ orderNo: row.orderNo, entryKey, postedMinor, recomputedMinor });
      }
      after = row.orderNo;
    }
  }
  const { sums, folds } = await asCompanyAtLength(context.db, companyId, async (tx) => ({
    sums: await sumAccounts(tx, companyId),
    folds: [...(await foldDifferences(tx, companyId)), ...(await netSalesDifferences(tx, companyId))],
  }));
  const balanced = differences.length === 0 && folds.length === 0 && sums.every(({ sumMinor }) => sumMinor === 0n);
  return { orders: orderCount, entries: entryCount, differences, folds, sums, balanced };
}

/** Sums the transfers into accounts, and the accounts into one sum per currency. */
async function sumAccounts(tx: Tx, companyId: number): Promise<AuditResult["sums"]> {
  return tx<(Pick<Transfer, "currency"> & Sums<"sumMinor">)[]>`
    with moves as (
      select distributor_no, credit_account as account, currency_no, amount from transfer_rows where company_id = ${companyId}
      union all
      select distributor_no, debit_account, currency_no, -amount from transfer_rows where company_id = ${companyId}),
    accounts as (
      select currency_no, sum(amount) as balance from moves
       group by case when account < 10 then distributor_no else 0 end, account, currency_no)
    select currency_code(currency_no) as currency, sum(balance)::bigint as "sumMinor" from accounts group by currency_no order by currency_no`;
}
