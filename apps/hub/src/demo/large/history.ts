import type postgres from "postgres";
import type { HubParts } from "../../parts.ts";
import { bookPending } from "../../periods/book-volumes.ts";
import { closePeriod, commitClose } from "../../periods/close.ts";
import { openPeriod } from "../../periods/open.ts";
import type { LargeCompany } from "./order-lives.ts";

/** What gathers beside orders: comparisons with the shops, background runs, the audit log, periods and a close. */

/** Kept for three days. */
const RUNS_OF_EACH_STORE = 900;
/** The first month is closed; from there on to the present one all are open. */
const FIRST_MONTH = Date.UTC(2025, 8, 1);

/** Written once: later runs find them. */
export async function writeHistory(
  owner: postgres.Sql,
  { companyId, orders }: Pick<LargeCompany, "companyId" | "orders">,
): Promise<void> {
  const [comparisons, entries, runs] = [Math.ceil(orders / 200), Math.ceil(orders / 20), Math.min(RUNS_OF_EACH_STORE, orders)];
  const [found] = await owner`select from reconciliations where company_id = ${companyId} limit 1`;
  if (found !== undefined) return;
  await owner.begin(async (tx) => {
    await tx`
      insert into reconciliations (company_id, store_id, outcome, since, until, checked, healed, delta_before, delta, started_at, finished_at)
      select company_id, store_id, 'finished', at - interval '1 day', at, 40, 0, '{"EUR":"0.00"}', '{"EUR":"0.00"}', at, at + interval '9 seconds'
        from stores cross join generate_series(1, ${comparisons}::integer) n
       cross join lateral (select '2026-08-01'::timestamptz + n * interval '5 minutes' as at) moments
       where company_id = ${companyId} order by n, store_id`;
    await tx`
      insert into audit_log (company_id, actor, act, subject, details)
      select ${companyId}, 'demo', 'distributor.import', 'distributors', jsonb_build_object('rows', n)
        from generate_series(1, ${entries}::integer) n`;
    await tx`select jobs.create_queue('reconcile', ${tx.json({ policy: "exclusive" })})`;
    await tx`
      insert into jobs.job (name, data, state, group_id, singleton_key, retry_count, created_on, started_on, completed_on, start_after, output, keep_until, policy)
      select 'reconcile', jsonb_build_object('companyId', company_id, 'subject', store_id), 'completed', company_id::text, company_id || ' ' || store_id, 0,
             at, at, at + interval '9 seconds', at, '{"note":"40 orders compared"}', now() + interval '10 years', 'exclusive'
        from stores cross join generate_series(1, ${runs}::integer) n
       cross join lateral (select now() - n * interval '4 minutes' as at) moments
       where company_id = ${companyId}`;
  });
}

/** Opens periods, books the orders' volumes to them and closes the first; goes on where an earlier run stopped. */
export async function writePeriods(
  parts: Pick<HubParts, "db">,
  { owner, companyId, onProgress }: { owner: postgres.Sql; companyId: number; onProgress: (text: string) => void },
): Promise<void> {
  const known = await owner<{ name: string; state: string; periodNo: number }[]>`
    select name, state, period_no as "periodNo" from periods where company_id = ${companyId} order by period_no`;
  for (const month of monthsUntilNow().slice(known.length))
    await openPeriod(parts, { companyId, month, currency: "USD", actor: "ann" });
  await bookPending(parts, { companyId, onProgress: ({ orders }) => onProgress(`volumes of ${orders} orders`) });
  if (known[0]?.state === "closed") return;
  const act = { companyId, periodNo: 1, onProgress: (stage: string) => onProgress(`the close: ${stage}`) };
  if (known[0]?.state !== "closing") await closePeriod(parts, { ...act, actor: "ann", person: "ann" });
  await commitClose(parts, { ...act, actor: "bob", person: "bob" });
}

function monthsUntilNow(): string[] {
  const months: string[] = [];
  for (const at = new Date(FIRST_MONTH); at.getTime() <= Date.now(); at.setUTCMonth(at.getUTCMonth() + 1))
    months.push(at.toISOString().slice(0, 7));
  return months;
}
