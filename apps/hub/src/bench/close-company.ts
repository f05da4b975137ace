import type postgres from "postgres";

/** The network and the volumes of a large company, by SQL: what a close reads, without the orders behind it. */

/** A network like that of the engine's bench: sponsors near the top have more below them, and a full binary tree. */
export async function seedPeople(
  owner: postgres.Sql,
  { companyId, distributors }: { companyId: number; distributors: number },
): Promise<void> {
  await owner`select setseed(0.4242)`;
  await owner`
    insert into placement_trees (company_id, tree, width, spillover, window_days) values (${companyId}, 'binary', 2, 'breadth-first', 30)`;
  await owner`
    insert into distributors (company_id, distributor_no, distributor_id, enrolled_at, version)
    select ${companyId}, no, 'D' || no, '2025-06-01', 1 from generate_series(1, ${distributors}::integer) no`;
  await owner`
    insert into sponsor_edges (company_id, distributor_no, sponsor_no, valid_from, version)
    select ${companyId}, no, case when no = 1 then 0 else 1 + floor((no - 1) * power(random(), 1.5))::integer end, '2025-06-01', 1
      from generate_series(1, ${distributors}::integer) no`;
  await owner`
    insert into standings (company_id, distributor_no, status, valid_from, version)
    select ${companyId}, no, 'active', '2025-06-01', 1 from generate_series(1, ${distributors}::integer) no`;
  await owner`
    insert into placement_edges (company_id, tree, distributor_no, parent_no, leg, valid_from, version, actor)
    select ${companyId}, 'binary', no, no / 2, case when no = 1 then 0 else no % 2 end, '2025-06-01', 1, 'bench'
      from generate_series(1, ${distributors}::integer) no`;
  for (const table of ["distributors", "sponsor_edges", "standings", "placement_edges"])
    await owner.unsafe(`vacuum analyze ${table}`);
}

export async function seedVolumes(
  owner: postgres.Sql,
  { companyId, periodNo, distributors, rows }: { companyId: number; periodNo: number; distributors: number; rows: number },
): Promise<void> {
  await owner`
    insert into volume_entries (company_id, period_no, kind, order_no, revision, distributor_no, commission_class, market, self_purchase,
      open_fast_starts, currency, pv, qv, cv, net_minor, effective_at)
    select ${companyId}, ${periodNo}, 'order', n, 1, 1 + floor(random() * ${distributors}::integer)::integer, 'standard', '*', random() < 0.4, '',
           'USD', v, v, v, v / 100, '2026-06-15'
      from (select n, (500 + floor(random() * 6000))::bigint * 100 as v from generate_series(1, ${rows}::integer) n) one`;
  await owner`vacuum analyze volume_entries`;
}
