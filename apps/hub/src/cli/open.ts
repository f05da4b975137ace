import postgres from "postgres";
import type { Database } from "../db/connect.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../db/embedded.ts";
import { openDatabase } from "../db/open.ts";
import { type Env, readEnv } from "../env.ts";
import { listeningUrlOf } from "../http/public-url.ts";
import { openSecretBox, type SecretBox } from "../secret-box.ts";
import type { Terminal } from "./terminal.ts";

/** What a command works with: the hub's own parts, without a server. */
export interface CliParts {
  readonly env: Env;
  readonly db: Database;
  readonly box: SecretBox;
  /** Where shops reach the hub. */
  readonly publicUrl: string;
}

/** Runs work on the database of the settings: an outside one, or the embedded one, found running or started for the command. */
export async function withDatabase<T>(terminal: Terminal, work: (env: Env, url: string) => Promise<T>): Promise<T> {
  const env = readEnv(terminal.env);
  if (env.databaseUrl !== null) return work(env, env.databaseUrl);
  const embedded = await startEmbeddedPostgres({ dataDir: env.dataDir, port: env.databasePort });
  try {
    return await work(env, embedded.url);
  } finally {
    if (embedded.startedHere) await stopUnlessUsed(embedded);
  }
}

/** The same, with the schema brought up to date and the parts put together. */
export function withParts<T>(terminal: Terminal, work: (parts: CliParts) => Promise<T>): Promise<T> {
  return withDatabase(terminal, async (env, url) => {
    const box = openSecretBox(env);
    const db = await openDatabase(url, { env, box, sizes: { app: 3, gate: 1 } });
    try {
      return await work({ env, db, box, publicUrl: listeningUrlOf(env) });
    } finally {
      await db.close();
    }
  });
}

/** A hub that was started meanwhile works on the same database: then it stays up. */
async function stopUnlessUsed(embedded: EmbeddedPostgres): Promise<void> {
  const owner = postgres(embedded.url, { max: 1, onnotice: () => {} });
  const [row] = await owner<{ others: number }[]>`
    select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;
  await owner.end();
  if ((row?.others ?? 0) === 0) await embedded.stop();
}
