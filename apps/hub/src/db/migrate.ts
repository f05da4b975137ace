import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { sha256 } from "../secret-box.ts";

const FOLDER = join(import.meta.dirname, "migrations");

/** Any fixed number: two hubs that start together take turns. */
const LOCK = 7_314_001;

/**
 * Brings the database to the newest schema, as its owner. Each file runs once, in one transaction;
 * a file that was changed after it ran is refused, because nobody could tell what the database holds.
 */
export async function migrate(url: string): Promise<{ applied: string[] }> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    await sql`create table if not exists migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())`;
    const done = new Map(
      (await sql<{ name: string; hash: string }[]>`select name, hash from migrations`).map((row) => [row.name, row.hash]),
    );
    const applied: string[] = [];
    for (const name of readdirSync(FOLDER)
      .filter((file) => file.endsWith(".sql"))
      .sort()) {
      const text = readFileSync(join(FOLDER, name), "utf8");
      const hash = sha256(text).toString("hex");
      const before = done.get(name);
      if (before === hash) continue;
      if (before !== undefined)
        throw new Error(`migration ${name} was changed after it ran here: restore it, and write a new file for the change`);
      await sql.begin(async (tx) => {
        await tx.unsafe(text);
        await tx`insert into migrations (name, hash) values (${name}, ${hash})`;
      });
      applied.push(name);
    }
    return { applied };
  } finally {
    await sql.end();
  }
}
