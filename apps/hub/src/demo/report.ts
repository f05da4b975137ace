import { formatAmount } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import type { Hub } from "../hub.ts";

/** What the demo prints: a table like the document's, and its SLA table with the figures of this run. */

interface TableRow {
  order_name: string;
  platform: string;
  sku: string;
  buyer: string | null;
  referrer: string | null;
  level: string;
  amount: bigint;
  currency: string;
  stage: string;
  refunded: boolean;
}

/** Order, SKU, buyer, referrer, level, value, status: one row per commission, largest orders cut to their first rows. */
export async function commissionTable(hub: Hub, companyId: number, rowsPerOrder: number): Promise<string[]> {
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<TableRow[]>`
      select * from (
        select o.order_name, o.platform, o.order_no, l.sku, o.buyer_hash as buyer, owner.distributor_id as referrer, e.level, d.distributor_id as earner,
               e.amount, o.currency, o.stage, o.refunded_net_minor > 0 as refunded,
               row_number() over (partition by o.order_no order by l.sku, e.level) as place
          from orders o
          join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = o.revision
          join lateral (
            select t.distributor_no, t.entry_key, split_part(t.entry_key, ':', 2) as line_id,
                   split_part(t.entry_key, ':', 1) || case split_part(t.entry_key, ':', 3) when '0' then '' else ' ' || split_part(t.entry_key, ':', 3) end as level,
                   sum(case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end)::bigint as amount
              from transfers t where t.company_id = o.company_id and t.source_kind = 1 and t.source_no = o.order_no and t.distributor_no > 0
             group by 1, 2) e on true
          join lateral (
            select line->>'sku' as sku from jsonb_array_elements(r.snapshot::jsonb->'state'->'lines') as line where line->>'lineId' = e.line_id) l on true
          left join distributors owner on owner.company_id = o.company_id and owner.distributor_no = o.distributor_no
          left join distributors d on d.company_id = o.company_id and d.distributor_no = e.distributor_no
         where o.company_id = ${companyId}) as all_rows
       where place <= ${rowsPerOrder} order by order_no, place`,
  );
  const head = ["order", "SKU", "buyer", "referrer", "level", "value", "status"];
  const body = rows.map((row) => [
    `${row.platform.slice(0, 4)} ${row.order_name}`,
    row.sku,
    row.buyer?.slice(0, 6) ?? "—",
    row.referrer ?? "—",
    row.level,
    `${formatAmount(row.amount, row.currency)} ${row.currency}`,
    statusOf(row),
  ]);
  return layOut([head, ...body]);
}

function statusOf(row: TableRow): string {
  if (row.stage !== "earned") return row.stage.toUpperCase();
  if (row.amount === 0n) return "REVERSED";
  return row.refunded ? "PART REVERSED" : "EARNED";
}

/** Columns as wide as their widest cell. */
export function layOut(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [lines[0] ?? "", widths.map((width) => "─".repeat(width)).join("  "), ...lines.slice(1)];
}

export interface Sla {
  readonly ackP99Ms: number;
  readonly emitP99Ms: number;
  readonly idempotentAccuracy: number;
  readonly reconDelta: number;
}

/** The four figures of the document's SLA table, as measured in this run. */
export function slaTable(sla: Sla): string[] {
  const verdict = (value: number, good: number, great: number) => (value <= great ? "great" : value <= good ? "good" : "missed");
  return layOut([
    ["metric", "target", "stretch", "this run", ""],
    ["Webhook latency (p99)", "≤ 300 ms", "≤ 120 ms", `${sla.ackP99Ms.toFixed(1)} ms`, verdict(sla.ackP99Ms, 300, 120)],
    ["Commission emit (p99)", "≤ 2 s", "≤ 500 ms", `${sla.emitP99Ms.toFixed(1)} ms`, verdict(sla.emitP99Ms, 2_000, 500)],
    [
      "Idempotent accuracy",
      "100 %",
      "100 %",
      `${(sla.idempotentAccuracy * 100).toFixed(2)} %`,
      sla.idempotentAccuracy === 1 ? "great" : "missed",
    ],
    ["Recon delta", "< 0.1 %", "0 %", `${(sla.reconDelta * 100).toFixed(3)} %`, verdict(sla.reconDelta, 0.001, 0)],
  ]);
}
