import postgres from "postgres";
import { noteCommit } from "./commits.ts";
import { Lines } from "./lines.ts";
import { SESSION } from "./session.ts";
import { steadySockets } from "./socket.ts";
import { Turns } from "./turns.ts";

/** A connection pool, or a transaction of one: query functions take either. Integers of 64 bits are bigint both ways. */
export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Tx = postgres.TransactionSql<{ bigint: bigint }>;

export interface Database {
  /** The owner's connection string, for migrations and tools. */
  readonly url: string;
  /** Everything of one company that people and programs ask for; every use goes through `asCompany`. */
  readonly app: Sql;
  /** The same for orders that are decided again, so that neither waits for the other. */
  readonly pipeline: Sql;
  /** The same for deliveries on their way to the ledger, in short transactions. */
  readonly lines: Lines;
  /** The same for what takes long: closes, back-tests, exports. Every use goes through `asCompanyAtLength`. */
  readonly long: Sql;
  /**
   * Connections for reading a company's directory. Transactions wait for it while they hold connections
   * of another pool: from the same one, enough of them at once would wait forever.
   */
  readonly directory: Sql;
  /** The door: stores and keys before the company is known, and the inbox. */
  readonly gate: Sql;
  /** Where deliveries go into the inbox, by one statement that looks nothing up: it keeps its plan, which costs more than a small group. */
  readonly inbox: Sql;
  /** Who people are, what they sign in with and where they have a place: shown to no other login. */
  readonly people: Sql;
  /** Where background jobs are kept, under a login of their own: the library that runs them opens its own connections. */
  readonly jobsUrl: string;
  /** All of them, for a thread that opens connections of its own. */
  readonly urls: DatabaseUrls;
  close(): Promise<void>;
}

/** The users of one database: the owner, who migrates, and the four logins that the hub works under. */
export interface DatabaseUrls {
  readonly owner: string;
  readonly app: string;
  readonly gate: string;
  readonly jobs: string;
  readonly people: string;
}

export interface PoolSizes {
  readonly app: number;
  readonly gate: number;
}

const PIPELINE = 3;
const PEOPLE = 4;
/** One group at a time from outside, and beside it what is fetched. */
const INBOX = 2;
/** Batches of deliveries under way at once, over all companies. */
export const LINES = 6;
const STATEMENT_MS = 30_000;
/** Beyond its statements' time limit a connection that says nothing has lost its server, or has nothing to do. */
const SILENCE_MS = 15_000;
/** What takes long has no time limit of the server's; after so long it has lost its server. */
const LONGEST_STATEMENT_MS = 1_800_000;
const CONNECT_SECONDS = 5;
/** How long one company's calls wait for their turn among its own. */
const PATIENCE_MS = 5_000;

/** How long a connection that was lost waits before it asks again: short, so that the hub is back as soon as the database is. */
function reconnectSeconds(failures: number): number {
  return Math.min(1, 0.05 * 2 ** Math.min(failures, 5)) * (0.5 + Math.random() / 2);
}

interface PoolOptions {
  readonly login: "app" | "gate" | "people";
  readonly max: number;
  /** A lock that is held longer is not waited for: the caller is told to come again. */
  readonly lockMs: number;
  readonly statementMs?: number;
  /** At most so many connections for one company. */
  readonly perCompany?: number;
  readonly more?: Readonly<Record<string, string>>;
  readonly onclose?: () => void;
}

/** For statements that look up by whole keys, each in a subquery of its own, and insert: one plan does for all values. */
const KEYED = { plan_cache_mode: "force_generic_plan", enable_seqscan: "off" };

/** How many transactions of one company a pool takes at once. */
const turnsOf = new WeakMap<Sql, Turns>();

/** Opens the pools, each under its own login, so that a forgotten WHERE shows nothing instead of another company. */
export function connect(urls: DatabaseUrls, sizes: PoolSizes = { app: 8, gate: 4 }): Database {
  const pool = ({ login, max, lockMs, statementMs = STATEMENT_MS, perCompany, more, onclose }: PoolOptions): Sql => {
    const opened: Sql = postgres(urls[login], {
      max,
      onnotice: () => {},
      connection: {
        role: `upline_${login}`,
        application_name: "upline",
        ...SESSION,
        statement_timeout: statementMs,
        lock_timeout: lockMs,
        idle_in_transaction_session_timeout: statementMs,
        // A plan kept from when a table was empty goes on reading all of it after it has grown.
        plan_cache_mode: "force_custom_plan",
        ...more,
      },
      types: { bigint: postgres.BigInt },
      ...steadySockets({ silentMs: (statementMs === 0 ? LONGEST_STATEMENT_MS : statementMs) + SILENCE_MS }),
      connect_timeout: CONNECT_SECONDS,
      backoff: reconnectSeconds,
      ...(onclose === undefined ? {} : { onclose }),
    });
    if (perCompany !== undefined) turnsOf.set(opened, new Turns({ atOnce: perCompany, patienceMs: PATIENCE_MS }));
    return opened;
  };
  const pools = {
    app: pool({ login: "app", max: sizes.app, lockMs: 3_000, perCompany: Math.ceil(sizes.app / 2) }),
    pipeline: pool({ login: "app", max: PIPELINE, lockMs: 2_000 }),
    long: pool({ login: "app", max: 4, lockMs: 10_000, statementMs: 0, perCompany: 2 }),
    // Several reads make one directory: they must see the same moment.
    directory: pool({
      login: "app",
      max: 4,
      lockMs: 3_000,
      more: { default_transaction_isolation: "repeatable read" },
    }),
    gate: pool({ login: "gate", max: sizes.gate, lockMs: 3_000 }),
    inbox: pool({ login: "gate", max: INBOX, lockMs: 3_000, more: { plan_cache_mode: "force_generic_plan" } }),
    people: pool({ login: "people", max: PEOPLE, lockMs: 3_000 }),
  };
  const lines = new Lines(LINES, (onclose) => pool({ login: "app", max: 1, lockMs: 2_000, more: KEYED, onclose }));
  const clients = [...Object.values(pools), ...lines.clients];
  return {
    url: urls.owner,
    jobsUrl: urls.jobs,
    urls,
    ...pools,
    lines,
    close: async () => void (await Promise.all(clients.map((opened) => opened.end({ timeout: 5 })))),
  };
}

/** One transaction that sees the rows of one company only. Throws Busy where too much of the company waits already. */
export function asCompany<T>(db: Pick<Database, "app">, companyId: number, work: (tx: Tx) => Promise<T>): Promise<T> {
  const begin = () => transaction(db.app, companyId, work);
  return turnsOf.get(db.app)?.take(companyId, begin) ?? begin();
}

/** The same for what takes long, on connections of its own and without a time limit. */
export function asCompanyAtLength<T>(db: Pick<Database, "long">, companyId: number, work: (tx: Tx) => Promise<T>): Promise<T> {
  return asCompany({ app: db.long }, companyId, work);
}

/**
 * A second transaction, for whoever has one of what takes long: so that two of the database's processes read at once what is
 * append-only and was committed before. It is one of the directories' connections: nobody who has one of them waits for another
 * pool, so that none wait in a circle.
 */
export function asCompanyBeside<T>(db: Pick<Database, "directory">, companyId: number, work: (tx: Tx) => Promise<T>): Promise<T> {
  return asCompany({ app: db.directory }, companyId, work);
}

/**
 * One transaction of the owner, who sees all companies, on a connection of its own: for what is of no company yet, such as
 * making one. Never for what a company asks.
 */
export async function asOwner<T>(db: Pick<Database, "url">, work: (tx: Tx) => Promise<T>): Promise<T> {
  const owner = postgres(db.url, { max: 1, onnotice: () => {}, connection: SESSION, types: { bigint: postgres.BigInt } });
  try {
    const result = await owner.begin(work);
    noteCommit();
    return result as T;
  } finally {
    await owner.end();
  }
}

function transaction<T>(pool: Sql, companyId: number, work: (tx: Tx) => Promise<T>): Promise<T> {
  return pool.begin(async (tx) => {
    // Sent but not awaited: it travels with the first query in one round trip; a failure rejects the transaction.
    const set = tx`select set_config('upline.company_id', ${String(companyId)}, true)`.execute();
    const [result] = await Promise.all([work(tx), set]);
    noteCommit();
    return result;
  }) as Promise<T>;
}

/**
 * One transaction of the login that signs people in. What triggers write down of it is by `actor`, where it was not the person's
 * own doing.
 */
export function asPeople<T>(db: Pick<Database, "people">, actor: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.people.begin(async (tx) => {
    const set = tx`select set_config('upline.actor', ${actor}, true)`.execute();
    const [result] = await Promise.all([work(tx), set]);
    noteCommit();
    return result;
  }) as Promise<T>;
}

/** The SQLSTATE of a database error; its text is never logged, because it carries parameters. */
export function sqlState(error: unknown): string | null {
  return error instanceof postgres.PostgresError ? error.code : null;
}
