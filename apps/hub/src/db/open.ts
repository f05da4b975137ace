import postgres from "postgres";
import type { SecretBox } from "../secret-box.ts";
import { connect, type Database, type PoolSizes } from "./connect.ts";
import { type LoginSettings, loginUrls, refuseUnconfined } from "./logins.ts";
import { migrate } from "./migrate.ts";

export interface OpenDatabase {
  readonly env: LoginSettings;
  readonly box: SecretBox;
  readonly sizes?: PoolSizes;
}

/** Brings the schema up to date as the owner, and connects under the hub's logins. Throws with a sentence that says what to do. */
export async function openDatabase(ownerUrl: string, { env, box, sizes }: OpenDatabase): Promise<Database> {
  await migrate(ownerUrl);
  const db = connect(await loginUrls(ownerUrl, { env, box }), sizes);
  try {
    await Promise.all([
      refuseUnconfined(db.app, "upline_app"),
      refuseUnconfined(db.gate, "upline_gate"),
      refuseUnconfinedJobs(db.jobsUrl),
    ]);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** The jobs' library opens its own connections: this one only looks. */
async function refuseUnconfinedJobs(url: string): Promise<void> {
  const jobs = postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: { role: "upline_jobs" },
    types: { bigint: postgres.BigInt },
  });
  try {
    await refuseUnconfined(jobs, "upline_jobs");
  } finally {
    await jobs.end();
  }
}
