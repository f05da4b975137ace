import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { readEnv } from "../env.ts";
import { type Hub, openHub } from "../hub.ts";
import { replayDead } from "../orders/replay.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { checkEffects, type Effects } from "./effects.ts";
import { p99Between, type Span } from "./latencies.ts";
import { Processes } from "./processes.ts";
import { Sender } from "./sender.ts";

/**
 * Kills, outages and poison, all at once, and then the account: every acknowledged delivery has its one effect.
 * Two companies send; one of them poison. The other is to notice as little as can be.
 */

export interface ChaosServer {
  readonly url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface ChaosOptions {
  readonly kills: number;
  readonly outages: number;
  /** The shortest and the longest outage. */
  readonly outageMs: readonly [number, number];
  readonly perSecond: number;
  /** How long a window is in which latencies are measured; also how long the other company has to be calm again. */
  readonly windowMs: number;
  readonly recoverMs: number;
  readonly onProgress: (text: string) => void;
}

export interface ChaosReport extends Effects {
  readonly kills: number;
  readonly outages: number;
  /** Of the company that sends no poison, from the commit of a delivery to that of its commissions. */
  readonly calmP99Ms: number;
  readonly poisonP99Ms: number;
  readonly afterOutageP99Ms: readonly number[];
}

const POISON_PERCENT = 5;
const KILLED = ["ingest", "worker 1", "worker 2"] as const;

export async function runChaos(server: ChaosServer, options: ChaosOptions): Promise<ChaosReport> {
  const secretKey = Buffer.alloc(32, 7).toString("base64");
  const settings = { DATABASE_URL: server.url, UPLINE_SECRET_KEY: secretKey, UPLINE_LOG_LEVEL: "silent", UPLINE_JOBS: "off" };
  const hub = await openHub(readEnv({ ...settings, UPLINE_ROLE: "ingest" }), server.url);
  const processes = new Processes({ url: server.url, secretKey });
  const owner = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    const companies = [await setUpTestCompany(hub, "acme"), await setUpTestCompany(hub, "bravo")] as const;
    await processes.start();
    return await run({ hub, owner, processes, companies, server, options });
  } finally {
    processes.stop();
    await owner.end({ timeout: 5 });
    await hub.close();
  }
}

interface Chaos {
  readonly hub: Hub;
  readonly owner: postgres.Sql;
  readonly processes: Processes;
  /** The first sends poison. */
  readonly companies: readonly [TestCompany, TestCompany];
  readonly server: ChaosServer;
  readonly options: ChaosOptions;
}

async function run(chaos: Chaos): Promise<ChaosReport> {
  const { owner, processes, companies, options } = chaos;
  const senders = companies.map(
    ({ stores }, index) =>
      new Sender({
        store: stores.shopify,
        baseUrl: () => processes.baseUrl,
        firstId: 8_000_000_000_000 + index * 1_000_000_000,
      }),
  );
  const [poisoned] = senders;
  for (const sender of senders) sender.start(options.perSecond);
  // What a start costs is not what is measured.
  await wait(options.windowMs / 2);
  const calm = await measured(options.windowMs);
  options.onProgress("calm window over");
  await poison(owner, companies[0]);
  if (poisoned) poisoned.poisonPercent = POISON_PERCENT;
  const poisonedSpan = await measured(options.windowMs);
  options.onProgress("poison window over");
  const after = await wreck(chaos);
  for (const sender of senders) await sender.stop();
  options.onProgress("settling");
  await mend(chaos);
  const own = companies[1].companyId;
  const afterOutageP99Ms: number[] = [];
  for (const span of after) afterOutageP99Ms.push(await p99Between(owner, own, span));
  return {
    kills: options.kills,
    outages: options.outages,
    calmP99Ms: await p99Between(owner, own, calm),
    poisonP99Ms: await p99Between(owner, own, poisonedSpan),
    afterOutageP99Ms,
    ...(await checkEffects(
      owner,
      senders.flatMap((sender) => sender.acknowledged),
    )),
  };
}

async function measured(lengthMs: number): Promise<Span> {
  const from = new Date();
  await wait(lengthMs);
  return { from, to: new Date() };
}

/** Kills spread over the outages: some before, some while the database is away. Answers the windows after each outage. */
async function wreck({ processes, server, options }: Chaos): Promise<Span[]> {
  const { kills, outages, outageMs, recoverMs, windowMs, onProgress } = options;
  const spans: Span[] = [];
  let killed = 0;
  for (let round = 1; round <= Math.max(outages, 1); round++) {
    const due = Math.round((kills * round) / Math.max(outages, 1)) - killed;
    const during = outages > 0 ? Math.floor(due / 3) : 0;
    for (let index = 0; index < due - during; index++) {
      await processes.kill(KILLED[randomInt(KILLED.length)] ?? "ingest");
      await wait(randomInt(50, 1_500));
    }
    killed += due;
    if (outages === 0) break;
    await server.stop();
    const back = Array.from({ length: during }, () => processes.kill(KILLED[randomInt(KILLED.length)] ?? "ingest"));
    const awayMs = randomInt(outageMs[0], outageMs[1] + 1);
    await wait(awayMs);
    await server.start();
    await Promise.all(back);
    await wait(recoverMs);
    spans.push(await measured(windowMs));
    onProgress(`outage ${round} of ${outages} (${Math.round(awayMs / 1000)} s), ${killed} kills`);
  }
  return spans;
}

/** Of every hundred orders the first five make their batch fail, half of them with a unique violation. */
async function poison(owner: postgres.Sql, { companyId }: TestCompany): Promise<void> {
  await owner.unsafe(`
    create function refuse_poison() returns trigger language plpgsql as $$ begin
      if (new.platform_order_id::bigint / 100) % 2 = 0 then raise exception 'poison' using errcode = 'unique_violation'; end if;
      raise exception 'poison';
    end $$;
    create trigger refuse_poison before insert on orders for each row
      when (new.company_id = ${companyId} and new.platform_order_id::bigint % 100 < ${POISON_PERCENT}) execute function refuse_poison()`);
}

/** The cause of the poison is mended: what waits is processed, and what was given up is replayed. */
async function mend({ hub, owner, companies }: Chaos): Promise<void> {
  await owner.unsafe("drop trigger refuse_poison on orders");
  const waiting = async () =>
    (
      await owner`select count(*)::int as waiting from inbox i
                  where not exists (select from inbox_outcomes o where o.delivery_id = i.delivery_id)`
    )[0]?.waiting as number;
  while ((await waiting()) > 0) {
    await owner`update inbox_retries set next_attempt_at = now()`;
    await wait(500);
  }
  for (const { companyId } of companies) await replayDead(hub, { companyId, actor: "chaos" });
}
