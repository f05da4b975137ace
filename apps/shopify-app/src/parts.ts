import { type OpenDatabase, openDatabase } from "./database.ts";
import type { Env } from "./env.ts";
import { HubService } from "./hub-service.ts";
import { type Logger, openLog } from "./log.ts";
import { type Fetch, fetchFor } from "./outgoing.ts";
import { startPassingOn } from "./pass-on.ts";
import { type PlanGate, planGateFor } from "./plan-gate.ts";
import { Sessions } from "./sessions.ts";
import { TokenKeeper } from "./token-keeper.ts";

/** What every part of the app is built from. The pages get it with each request; nothing of it is global. */
export interface AppParts {
  readonly env: Env;
  readonly log: Logger;
  readonly db: OpenDatabase["db"];
  /** How Shopify is called. */
  readonly fetch: Fetch;
  readonly sessions: Sessions;
  readonly keeper: TokenKeeper;
  readonly hub: HubService;
  readonly plans: PlanGate;
  /** Something waits for the hub. */
  readonly wake: () => void;
  close(): Promise<void>;
}

/** Opens the database, brings it up to date and starts to pass on what waits, unless somebody else passes it on. */
export async function openParts(env: Env, { passesOn = true }: { passesOn?: boolean } = {}): Promise<AppParts> {
  const log = openLog(env.logLevel);
  const { db, close } = await openDatabase(env.databaseUrl);
  const fetch = fetchFor(env.standinUrl);
  const hub = new HubService({ url: env.hubUrl, key: env.serviceKey });
  const passing = passesOn ? startPassingOn({ db, hub, log }) : null;
  const keeper = new TokenKeeper({ db, fetch, log, apiKey: env.apiKey, apiSecret: env.apiSecret });
  return {
    ...{ env, log, db, fetch, hub, wake: passing?.wake ?? (() => {}) },
    sessions: new Sessions(db),
    keeper,
    plans: planGateFor(env, { keeper, fetch }),
    close: async () => {
      await passing?.stop();
      await close();
    },
  };
}
