import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { dropLogins } from "../db/logins.ts";

/** What `global-setup.ts` started: a server, and in it the name of a migrated database to copy. */
export interface TestServer {
  readonly url: string;
  readonly template: string;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly server: TestServer;
  }
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh, migrated database. Drop it at the end: `afterAll(() => database.drop())`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject("server");
  const name = `upline_test_${randomBytes(6).toString("hex")}`;
  await withOwner(server.url, (owner) => owner.unsafe(`create database ${name} template ${server.template}`));
  return {
    url: databaseUrl(server.url, name),
    drop: () =>
      withOwner(server.url, async (owner) => {
        await owner.unsafe(`drop database if exists ${name} with (force)`);
        await dropLogins(owner, name);
      }),
  };
}

/** The same server, another database. */
export function databaseUrl(server: string, database: string): string {
  return Object.assign(new URL(server), { pathname: `/${database}` }).href;
}

async function withOwner(url: string, work: (owner: postgres.Sql) => Promise<unknown>): Promise<void> {
  const owner = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await work(owner);
  } finally {
    await owner.end();
  }
}
