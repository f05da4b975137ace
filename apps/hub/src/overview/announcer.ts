import postgres from "postgres";
import type { Database } from "../db/connect.ts";
import { failureKind } from "../db/retry.ts";
import type { Logger } from "../log.ts";

/** What pages that stay open are told about: that something changed, never what. They ask the API for it, with their own rights. */
export const TOPICS = ["deliveries", "changes", "progress"] as const;
export type Topic = (typeof TOPICS)[number];

const CHANNEL = "upline_events";
/** A flood of deliveries is told about so often. */
const TOLD_EVERY_MS = 500;

type Hearer = (topic: Topic) => void;

/**
 * Tells the open pages of a company, in every replica: by NOTIFY of the database, which all of them hear. A process listens from its first
 * page on. What is lost with a connection is made up for: when it is back, everybody is told everything.
 */
export class Announcer {
  readonly #db: Pick<Database, "gate" | "urls">;
  readonly #log: Logger;
  readonly #hearers = new Map<number, Set<Hearer>>();
  /** What is said and not told yet, and how it is told before its time. */
  readonly #waiting = new Map<string, { readonly timer: NodeJS.Timeout; readonly tell: () => Promise<void> }>();
  #listener: { readonly client: postgres.Sql; readonly ready: Promise<unknown> } | null = null;

  constructor({ db, log }: { db: Pick<Database, "gate" | "urls">; log: Logger }) {
    this.#db = db;
    this.#log = log;
  }

  /** Something of a company changed, and is committed. Costs one statement for all that changes within half a second. */
  say(companyId: number, topic: Topic): void {
    const text = `${companyId} ${topic}`;
    if (this.#waiting.has(text)) return;
    const tell = async () => {
      clearTimeout(timer);
      this.#waiting.delete(text);
      try {
        await this.#db.gate`select pg_notify(${CHANNEL}, ${text})`;
      } catch (error) {
        this.#log.debug({ reason: failureKind(error) }, "open pages were not told");
      }
    };
    const timer = setTimeout(() => void tell(), TOLD_EVERY_MS).unref();
    this.#waiting.set(text, { timer, tell });
  }

  /** Tells at once what was said by now. Resolves when the database has it: what is told later is heard later. */
  async tellNow(): Promise<void> {
    await Promise.all([...this.#waiting.values()].map(({ tell }) => tell()));
  }

  /** Resolves once nothing that is said from now on can be missed, with how to stop hearing. */
  async hear(companyId: number, hearer: Hearer): Promise<() => void> {
    const hearers = this.#hearers.get(companyId) ?? new Set();
    this.#hearers.set(companyId, hearers.add(hearer));
    this.#listener ??= this.#listen();
    const stop = () => {
      hearers.delete(hearer);
      if (hearers.size === 0) this.#hearers.delete(companyId);
    };
    try {
      await this.#listener.ready;
    } catch (error) {
      this.#listener = null;
      stop();
      throw error;
    }
    return stop;
  }

  #listen() {
    const client = postgres(this.#db.urls.gate, {
      max: 1,
      onnotice: () => {},
      connection: { role: "upline_gate", application_name: "upline" },
    });
    let isBack = false;
    const onListen = () => {
      if (isBack) for (const hearers of this.#hearers.values()) for (const topic of TOPICS) tellAll(hearers, topic);
      isBack = true;
    };
    return { client, ready: client.listen(CHANNEL, (text) => this.#heard(text), onListen) };
  }

  #heard(text: string): void {
    const [companyId, said] = text.split(" ");
    const topic = TOPICS.find((known) => known === said);
    if (topic !== undefined) tellAll(this.#hearers.get(Number(companyId)) ?? new Set(), topic);
  }

  async stop(): Promise<void> {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    await this.#listener?.client.end({ timeout: 1 });
  }
}

function tellAll(hearers: ReadonlySet<Hearer>, topic: Topic): void {
  for (const hearer of hearers) hearer(topic);
}
