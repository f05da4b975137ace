import { getConstructionPlans, PgBoss } from "pg-boss";
import type postgres from "postgres";
import { sha256 } from "../secret-box.ts";

/** Where pg-boss keeps its jobs. Its tables are its own: they are not in our schema and are read by `jobs/queries.ts` only. */
export const JOB_SCHEMA = "jobs";

/** What the hub's roles may do there. A company reads its own runs, and those that belong to none. */
const RULES = `
  do $$ begin
    if not exists (select from pg_roles where rolname = 'upline_jobs') then create role upline_jobs nologin; end if;
  exception when duplicate_object or unique_violation then null;
  end $$;
  grant usage on schema ${JOB_SCHEMA} to upline_jobs, upline_app;
  grant select, insert, update, delete on all tables in schema ${JOB_SCHEMA} to upline_jobs;
  grant select on ${JOB_SCHEMA}.job to upline_app;
  alter table ${JOB_SCHEMA}.job enable row level security;
  drop policy if exists library on ${JOB_SCHEMA}.job;
  create policy library on ${JOB_SCHEMA}.job to upline_jobs using (true) with check (true);
  drop policy if exists own_company on ${JOB_SCHEMA}.job;
  create policy own_company on ${JOB_SCHEMA}.job for select to upline_app
    using (group_id is null or group_id = (select current_company())::text);
  create index if not exists upline_runs_of_company on ${JOB_SCHEMA}.job_common (group_id, name, created_on);
`;

/** Async parts of the library's own migrations, such as index builds, are waited for at most this long. */
const PATIENCE_MS = 60_000;

/**
 * Installs or upgrades pg-boss's tables, as the database's owner: the hub itself connects with a role
 * that may use them only. Called under the lock of `migrate`. Answers whether anything was done.
 */
export async function installJobTables(owner: postgres.Sql, url: string): Promise<boolean> {
  const wanted = sha256(`${getConstructionPlans(JOB_SCHEMA)}${RULES}`).toString("hex");
  const [found] = await owner<{ hash: string | null }[]>`
    select obj_description(to_regnamespace(${JOB_SCHEMA}), 'pg_namespace') as hash`;
  if (found?.hash === wanted) return false;
  const boss = new PgBoss({ ...jobDatabase(url), schema: JOB_SCHEMA, max: 1, supervise: false, schedule: false });
  // What fails rejects `start`; an event that nobody listens to would end the process.
  boss.on("error", () => {});
  let whole = false;
  try {
    await boss.start();
    whole = await untilBuilt(boss);
  } finally {
    await boss.stop({ graceful: false });
  }
  await owner.begin(async (tx) => {
    await tx.unsafe(RULES);
    // What is still being built is gone on with by the next start.
    if (whole) await tx.unsafe(`comment on schema ${JOB_SCHEMA} is '${wanted}'`);
  });
  return true;
}

async function untilBuilt(boss: PgBoss): Promise<boolean> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    const left = (await boss.getBamStatus()).filter(({ status }) => status === "pending" || status === "in_progress");
    if (left.length === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** The library brings a driver of its own, which reads `sslmode` as ours does only when told to. */
export function jobDatabase(url: string): { connectionString: string } {
  const address = new URL(url);
  if (address.searchParams.has("sslmode")) address.searchParams.set("uselibpqcompat", "true");
  return { connectionString: address.href };
}
