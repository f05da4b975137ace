import type postgres from "postgres";

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Of a company's deliveries that came within a span: how long 99 of 100 took to be processed, by the database's clock; 0 where none came. */
export async function p99Between(owner: postgres.Sql, companyId: number, { from, to }: Span): Promise<number> {
  const [row] = await owner`
    select coalesce(percentile_disc(0.99) within group (order by extract(epoch from o.processed_at - i.received_at) * 1000), 0)::float8 as p99
      from inbox i join inbox_outcomes o on o.delivery_id = i.delivery_id
     where i.company_id = ${companyId} and i.received_at between ${from} and ${to}`;
  return Math.round(Number(row?.p99 ?? 0));
}
