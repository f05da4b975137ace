import postgres from "postgres";
import type { Database, Sql } from "./connect.ts";

const EVERY_MS = 5_000;
/** No statement waits so long for a connection: each has its time limit, and so has the wait of a company for its turn. */
const PATIENCE_MS = 90_000;
const CONNECT_SECONDS = 5;

interface Beat {
  readonly pool: Sql;
  startedAt: number | null;
  stuck: boolean;
}

/**
 * Asks every pool for a sign of life. A database that is away is no fault of the process: its pools say so, and
 * come back with it. But a pool that says nothing at all, while a new connection is answered, will not recover:
 * then the process is to be started again, and `/healthz` says so.
 */
export class Pulse {
  readonly #url: string;
  readonly #beats: readonly Beat[];
  readonly #patienceMs: number;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(
    db: Pick<Database, "url" | "app" | "pipeline" | "lines" | "directory" | "gate" | "inbox">,
    patienceMs = PATIENCE_MS,
  ) {
    this.#url = db.url;
    this.#patienceMs = patienceMs;
    const pools = [db.app, db.pipeline, ...db.lines.clients, db.directory, db.gate, db.inbox];
    this.#beats = pools.map((pool) => ({ pool, startedAt: null, stuck: false }));
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking = this.look();
    }, EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#looking;
  }

  /** Whether a pool of this process is stuck for good. */
  get stuck(): boolean {
    return this.#beats.some((beat) => beat.stuck);
  }

  async look(): Promise<void> {
    for (const beat of this.#beats) if (beat.startedAt === null) this.#ask(beat);
    const silent = this.#beats.filter(({ startedAt }) => startedAt !== null && Date.now() - startedAt >= this.#patienceMs);
    if (silent.length === 0 || !(await this.#answersAnew())) return;
    for (const beat of silent) if (beat.startedAt !== null) beat.stuck = true;
  }

  #ask(beat: Beat): void {
    beat.startedAt = Date.now();
    const done = () => {
      beat.startedAt = null;
      beat.stuck = false;
    };
    beat.pool`select 1`.then(done, done);
  }

  async #answersAnew(): Promise<boolean> {
    const fresh = postgres(this.#url, { max: 1, connect_timeout: CONNECT_SECONDS, onnotice: () => {} });
    try {
      await fresh`select 1`;
      return true;
    } catch {
      return false;
    } finally {
      await fresh.end({ timeout: 1 });
    }
  }
}
