import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";

let database: TestDatabase;
let owner: postgres.Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.url, { max: 1 });
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

test("the migrations hold everything that the schema says: drizzle-kit finds nothing to add", async () => {
  const folder = mkdtempSync(join(tmpdir(), "upline-migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(import.meta.dirname, "migrations"), folder, { recursive: true });
  const before = readdirSync(folder);
  const kit = join(dirname(createRequire(import.meta.url).resolve("drizzle-kit")), "bin.cjs");
  // It takes paths from where it is started, and looks for drizzle-orm there.
  const cwd = join(import.meta.dirname, "..", "..");
  const args = [kit, "generate", "--dialect=postgresql", "--schema=./src/db/schema/*.ts", `--out=${relative(cwd, folder)}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
  expect(stdout).toContain("No schema changes");
  expect(readdirSync(folder)).toStrictEqual(before);
});

test("who may do what, and what is refused to everybody, is as guards.txt says (renew it with `pnpm db:guards`)", async () => {
  const parts = [await tables(), await sequences(), await functions()];
  await expect(`${parts.flat().join("\n\n")}\n`).toMatchFileSnapshot("guards.txt");
});

/** Row security, policies, grants and triggers of every table and view; the owner's own rights are left out. */
async function tables(): Promise<string[]> {
  const lines = await owner<{ relation: string; line: string }[]>`
    with relations as (
      select oid, relname, relkind, relrowsecurity, relforcerowsecurity, relacl, relowner, reloptions from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')),
    grants as (
      select r.oid, g.grantee, g.privilege_type, null::name as column from relations r, aclexplode(r.relacl) g where g.grantee <> r.relowner
      union all
      select r.oid, g.grantee, g.privilege_type, a.attname from relations r join pg_attribute a on a.attrelid = r.oid, aclexplode(a.attacl) g)
    select r.relname as relation, 1 as place, concat_ws(', ', case r.relkind when 'v' then 'view' else 'table' end,
           case when r.relrowsecurity then 'row security' end, case when r.relforcerowsecurity then 'for the owner too' end,
           array_to_string(r.reloptions, ', ')) as line from relations r
    union all
    select p.tablename, 2, format('policy %s, %s, for %s to %s: using %s with check %s', p.policyname, lower(p.permissive), lower(p.cmd),
           array_to_string(p.roles, ', '), p.qual, p.with_check) from pg_policies p where p.schemaname = 'public'
    union all
    select r.relname, 3, format('%s may %s', case g.grantee when 0 then 'everybody' else g.grantee::regrole::text end,
           string_agg(lower(g.privilege_type) || coalesce(' ' || g.columns, ''), ', ' order by g.privilege_type))
      from relations r join (
        select oid, grantee, privilege_type, '(' || string_agg("column", ', ' order by "column") || ')' as columns
          from grants group by 1, 2, 3, "column" is null) g on g.oid = r.oid
     group by r.relname, g.grantee
    union all
    select r.relname, 4, regexp_replace(pg_get_triggerdef(t.oid), '^CREATE ', '') || case t.tgenabled when 'O' then '' else ' (off)' end
      from relations r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
    order by 1, 2, 3`;
  const byTable = Map.groupBy(lines, (row) => row.relation);
  return [...byTable].map(([name, rows]) => [name, ...rows.map((row) => `  ${row.line}`)].join("\n"));
}

async function sequences(): Promise<string[]> {
  const rows = await owner<{ line: string }[]>`
    select format('sequence %s: %s may %s', c.relname, g.grantee::regrole, string_agg(lower(g.privilege_type), ', ' order by g.privilege_type)) as line
      from pg_class c, aclexplode(c.relacl) g
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' and g.grantee <> c.relowner
     group by c.relname, g.grantee order by 1`;
  return rows.map((row) => row.line);
}

async function functions(): Promise<string[]> {
  const rows = await owner<{ text: string }[]>`
    select pg_get_functiondef(oid) as text from pg_proc where pronamespace = 'public'::regnamespace order by proname`;
  return rows.map((row) => row.text.trimEnd());
}
