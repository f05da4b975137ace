import type postgres from "postgres";

type Client = postgres.Sql<{ bigint: bigint }>;
type Tx = postgres.TransactionSql<{ bigint: bigint }>;

/** What a transaction reads and decides first, and the writes that follow from it: all of them begin in one turn. */
export interface ShortWork<Found> {
  read(tx: Tx): Promise<Found>;
  write(tx: Tx, found: Found): readonly Promise<unknown>[];
}

interface Line {
  readonly client: Client;
  /** Whether the connection was lost since the line was taken. */
  lost: boolean;
  /** When its statements were planned: at which transaction of all lines, and by the clock. */
  plannedFor: number;
  plannedAtMs: number;
}

const PLANS_LAST_MS = 60_000;

/** Judged like any lost connection. */
class LineLost extends Error {
  override name = "LineLost";
  readonly code = "CONNECTION_CLOSED";
}

/**
 * Connections of which each serves one transaction of one company at a time, in as few round trips as there are answers
 * to wait for: its beginning travels with the first query, its end with the writes. The driver's own transactions wait
 * for the answer to either.
 *
 * Statements keep their plan, because planning them anew each time costs as much as running them. But a plan that was made
 * while a table was empty may go by the wrong index, for any is as good then, and would read all of it later. So
 * plans are made anew whenever as many transactions have passed as before they were made, and every minute.
 */
export class Lines {
  readonly clients: readonly Client[];
  readonly #free: Line[];
  readonly #waiting: ((line: Line) => void)[] = [];
  #begun = 0;

  /** `open` makes a client of a single connection, which calls `onclose` when it is lost. */
  constructor(count: number, open: (onclose: () => void) => Client) {
    this.#free = Array.from({ length: count }, () => {
      const line: Line = { client: open(() => (line.lost = true)), lost: false, plannedFor: 0, plannedAtMs: 0 };
      return line;
    });
    this.clients = this.#free.map(({ client }) => client);
  }

  async run<Found>(companyId: number, work: ShortWork<Found>): Promise<Found> {
    const line = this.#free.shift() ?? (await new Promise<Line>((resolve) => this.#waiting.push(resolve)));
    try {
      line.lost = false;
      return await transaction(line, this.#beginning(line, companyId), work);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(line);
      else this.#free.unshift(line);
    }
  }

  #beginning(line: Line, companyId: number): string {
    const begin = `begin; set local upline.company_id = '${companyId}'`;
    const now = Date.now();
    this.#begun++;
    if (this.#begun < line.plannedFor * 2 && now - line.plannedAtMs < PLANS_LAST_MS) return begin;
    line.plannedFor = this.#begun;
    line.plannedAtMs = now;
    return `discard plans; ${begin}`;
  }
}

async function transaction<Found>(line: Line, beginning: string, { read, write }: ShortWork<Found>): Promise<Found> {
  const { client } = line;
  // All there is of a transaction's own: the driver's `begin` would wait for an answer before anything else is sent.
  const tx = client as unknown as Tx;
  let end: Promise<unknown> | null = null;
  try {
    const begin = client.unsafe(beginning).execute();
    const [found] = await Promise.all([read(tx), begin]);
    // The driver would send the writes over a new connection, and commit each by itself, were they not refused there.
    if (line.lost) throw new LineLost("the connection was lost within a transaction");
    const writes = write(tx, found);
    let failed = false;
    for (const written of writes) written.catch(() => (failed = true));
    // A write that failed before it was sent, as one that cannot be put together, leaves nothing for the server to fail by.
    end = endWith(client, () => (failed ? "rollback" : "commit"));
    await Promise.all([...writes, end]);
    return found;
  } catch (error) {
    // A commit behind a statement that failed undoes the transaction as well. Either way the line is clean once it is answered.
    if (!line.lost) await (end ?? endWith(client, () => "rollback")).catch(() => {});
    throw error;
  }
}

/**
 * Behind everything that began in this turn: a query is sent some microtasks after it was written down. A commit of which the database
 * makes a rollback, because some statement failed that nobody heard of, is a failure: what was counted as done would be lost.
 */
function endWith(client: Client, command: () => "commit" | "rollback"): Promise<unknown> {
  const send = async () => {
    const asked = command();
    const { command: done } = await client.unsafe(asked);
    if (done !== asked.toUpperCase()) throw new Error(`a transaction ended with ${done} where ${asked} was asked for`);
  };
  return new Promise((resolve, reject) => process.nextTick(() => void send().then(resolve, reject)));
}
