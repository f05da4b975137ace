import { connect as connectSocket, type Socket } from "node:net";
import postgres from "postgres";

/** A connection pool, or a transaction of one: query functions take either. Integers of 64 bits are bigint both ways. */
export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Tx = postgres.TransactionSql<{ bigint: bigint }>;

export interface Database {
  /** The owner's connection string, for migrations and tools. */
  readonly url: string;
  /** Everything of one company; every use goes through `asCompany`. */
  readonly app: Sql;
  /**
   * One more connection like `app`'s, for reading a company's directory. Transactions wait for it
   * while they hold connections of `app`: from the same pool, enough of them at once would wait forever.
   */
  readonly directory: Sql;
  /** The door: stores and keys before the company is known, and the inbox. */
  readonly gate: Sql;
  /** Where background jobs are kept, under a login of their own: the library that runs them opens its own connections. */
  readonly jobsUrl: string;
  close(): Promise<void>;
}

/** The users of one database: the owner, who migrates, and the three logins that the hub works under. */
export interface DatabaseUrls {
  readonly owner: string;
  readonly app: string;
  readonly gate: string;
  readonly jobs: string;
}

export interface PoolSizes {
  readonly app: number;
  readonly gate: number;
}

/** Opens the pools, each under its own login, so that a forgotten WHERE shows nothing instead of another company. */
export function connect(urls: DatabaseUrls, sizes: PoolSizes = { app: 6, gate: 4 }): Database {
  const pool = ({ url, role, max, more }: { url: string; role: string; max: number; more?: Record<string, string> }) =>
    postgres(url, {
      max,
      onnotice: () => {},
      connection: {
        role,
        application_name: "upline",
        TimeZone: "UTC",
        statement_timeout: 30_000,
        idle_in_transaction_session_timeout: 30_000,
        // A plan kept from when a table was empty goes on reading all of it after it has grown.
        plan_cache_mode: "force_custom_plan",
        ...more,
      },
      types: { bigint: postgres.BigInt },
      ...undelayed,
    });
  const app = pool({ url: urls.app, role: "upline_app", max: sizes.app });
  // Several reads make one directory: they must see the same moment.
  const more = { default_transaction_isolation: "repeatable read" };
  const directory = pool({ url: urls.app, role: "upline_app", max: 1, more });
  const gate = pool({ url: urls.gate, role: "upline_gate", max: sizes.gate });
  return {
    url: urls.owner,
    jobsUrl: urls.jobs,
    app,
    directory,
    gate,
    close: async () => void (await Promise.all([app, directory, gate].map((one) => one.end({ timeout: 5 })))),
  };
}

/**
 * The driver leaves Nagle's algorithm on: the last piece of a large insert then waits for an
 * acknowledgement that the other side delays by up to 40 ms. These sockets send at once.
 */
const undelayed = {
  socket: async ({ host, port, path }: { host: string[]; port: number[]; path: string | false }): Promise<Socket> => {
    if (path) return opened({ path });
    let failure: unknown;
    for (const [index, name] of host.entries()) {
      try {
        return await opened({ host: name, port: port[index] ?? 5432 });
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  },
};

function opened(at: { path: string } | { host: string; port: number }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ ...at, noDelay: true }, () => {
      socket.off("error", reject);
      resolve(socket);
    });
    socket.once("error", reject);
  });
}

/** One transaction that sees the rows of one company only. */
export function asCompany<T>(db: Pick<Database, "app">, companyId: number, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.app.begin(async (tx) => {
    // Sent but not awaited: it travels with the first query in one round trip; a failure rejects the transaction.
    const set = tx`select set_config('upline.company_id', ${String(companyId)}, true)`.execute();
    const [result] = await Promise.all([work(tx), set]);
    return result;
  }) as Promise<T>;
}

/** The SQLSTATE of a database error; its text is never logged, because it carries parameters. */
export function sqlState(error: unknown): string | null {
  return error instanceof postgres.PostgresError ? error.code : null;
}
