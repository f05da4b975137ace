import postgres from "postgres";
import type { SecretBox } from "../secret-box.ts";
import { connect, type Database, type DatabaseUrls, type PoolSizes, type Sql } from "./connect.ts";
import { sealEarlierBodies } from "./earlier-bodies.ts";
import { type LoginSettings, loginUrls, refuseElsewhere, refuseUnconfined } from "./logins.ts";
import { migrate } from "./migrate.ts";
import { unlock } from "./sealing.ts";
import { SESSION } from "./session.ts";

export interface OpenDatabase {
  readonly env: LoginSettings;
  readonly box: SecretBox;
  readonly sizes?: PoolSizes;
}

export interface Prepared {
  /** The migrations that were applied now. */
  readonly applied: readonly string[];
  readonly urls: DatabaseUrls;
}

/** Everything that the owner does before the hub works: the schema, the secret key's check, the logins. Throws with a sentence. */
export async function prepareDatabase(ownerUrl: string, { env, box }: OpenDatabase): Promise<Prepared> {
  const { applied } = await migrate(ownerUrl);
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {}, connection: SESSION });
  try {
    await unlock(owner, box);
    await sealEarlierBodies(owner, box);
    // A dump that was restored carries no statistics.
    await owner`select analyze_filled()`;
    const urls = await loginUrls(owner, { url: ownerUrl, env, box });
    for (const [url, group] of [
      [urls.app, "upline_app"],
      [urls.gate, "upline_gate"],
      [urls.jobs, "upline_jobs"],
      [urls.people, "upline_people"],
    ] as const) {
      await lookingIn(url, group, async (login) => {
        await refuseUnconfined(login, group);
        await refuseElsewhere(owner, login, group);
      });
    }
    return { applied, urls };
  } finally {
    await owner.end();
  }
}

/** The same, and connects under the hub's logins. */
export async function openDatabase(ownerUrl: string, options: OpenDatabase): Promise<Database> {
  const { urls } = await prepareDatabase(ownerUrl, options);
  return connect(urls, options.sizes);
}

/** One connection that only looks: the pools are opened once everything is as it should be. */
async function lookingIn(url: string, role: string, look: (login: Sql) => Promise<void>): Promise<void> {
  const login = postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: { ...SESSION, role },
    types: { bigint: postgres.BigInt },
  });
  try {
    await look(login);
  } finally {
    await login.end();
  }
}
