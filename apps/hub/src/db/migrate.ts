import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { EnvError } from "../env.ts";
import { sha256 } from "../secret-box.ts";
import { sqlState } from "./connect.ts";
import { installJobTables } from "./job-tables.ts";
import { askForRoles } from "./logins.ts";
import { SESSION } from "./session.ts";

/** In drizzle-kit's layout: a journal that names the files in their order, and beside them what each left as the schema. */
const FOLDER = join(import.meta.dirname, "migrations");

/** The files that make roles, which not every owner may do. */
const ROLES = ["0000_roles-and-functions", "0048_the-role-of-people"];

/** Any fixed number: two hubs that start together take turns. */
const LOCK = 7_314_001;

/**
 * Brings the database to the newest schema, as its owner. Each file runs once, in one transaction;
 * a file that was changed after it ran is refused, because nobody could tell what the database holds.
 */
export async function migrate(url: string): Promise<{ applied: string[] }> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: SESSION });
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    await sql`create table if not exists migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())`;
    const ran = await sql<{ name: string; hash: string }[]>`select name, hash from migrations order by name`;
    const applied: string[] = [];
    for (const migration of outstanding(ran)) {
      await apply(sql, migration);
      applied.push(migration.name);
    }
    if (await installJobTables(sql, url)) applied.push("the tables of pg-boss");
    return { applied };
  } finally {
    await sql.end();
  }
}

async function apply(sql: postgres.Sql, { name, text, hash }: Migration): Promise<void> {
  try {
    await sql.begin(async (tx) => {
      await tx.unsafe(text);
      await tx`insert into migrations (name, hash) values (${name}, ${hash})`;
    });
  } catch (error) {
    if (sqlState(error) !== "42501" || !ROLES.includes(name)) throw error;
    const [row] = await sql<{ database: string }[]>`select current_database() as database`;
    throw new EnvError(askForRoles(row?.database ?? ""));
  }
}

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

/** What has not run yet, in its order. Throws with a sentence where the database holds something else than these files. */
function outstanding(ran: readonly { name: string; hash: string }[]): Migration[] {
  const migrations = readMigrations();
  const hashes = new Map(migrations.map((migration) => [migration.name, migration.hash]));
  for (const { name, hash } of ran) {
    if (name === "0001-spine.sql")
      throw new Error(
        "This database was made by Upline before its first release, and the tables have been described anew since. Nothing in it was changed. " +
          "Set UPLINE_DATA_DIR to a new folder (with DATABASE_URL: to a new database), and import the network, SKUs and plans again.",
      );
    const known = hashes.get(name);
    if (known === undefined)
      throw new Error(
        `the database holds migration ${name}, which this version of Upline does not know: start the newer version again`,
      );
    if (known !== hash)
      throw new Error(`migration ${name} was changed after it ran here: restore it, and write a new file for the change`);
  }
  const done = new Set(ran.map((row) => row.name));
  return migrations.filter((migration) => !done.has(migration.name));
}

function readMigrations(): Migration[] {
  const journal = JSON.parse(readFileSync(join(FOLDER, "meta", "_journal.json"), "utf8")) as { entries: { tag: string }[] };
  return journal.entries.map(({ tag }) => {
    const text = readFileSync(join(FOLDER, `${tag}.sql`), "utf8");
    return { name: tag, text, hash: sha256(text).toString("hex") };
  });
}
