import { readFileSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";
import { sha256 } from "../secret-box.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "db", "migrations");

/** Empties a test's database and brings it to the version before a migration. Takes the owner's connection. */
export async function openEarlierVersion(owner: postgres.Sql<{ bigint: bigint }>, firstNew: string): Promise<void> {
  await owner.unsafe("drop schema public cascade; create schema public; grant usage on schema public to public");
  await owner`create table migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())`;
  const journal: { entries: { tag: string }[] } = JSON.parse(readFileSync(join(MIGRATIONS, "meta", "_journal.json"), "utf8"));
  const names = journal.entries.map(({ tag }) => tag);
  for (const name of names.slice(0, names.indexOf(firstNew))) {
    const text = readFileSync(join(MIGRATIONS, `${name}.sql`), "utf8");
    await owner.begin((tx) => tx.unsafe(text));
    await owner`insert into migrations (name, hash) values (${name}, ${sha256(text).toString("hex")})`;
  }
}
