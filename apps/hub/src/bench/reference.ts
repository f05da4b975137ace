import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";

const run = promisify(execFile);

/** What PostgreSQL does without us on this machine, by tables and statements that never change: `reference/`. */
const REFERENCE = join(import.meta.dirname, "reference");
const ORDERS_PER_COMMIT = 50;

const STATEMENTS = {
  /** Single-row inserts of 6 KB, each its own commit. */
  delivery: { clients: 16, effects: 1 },
  /** The lean rows of 50 orders a commit. */
  orders: { clients: 4, effects: ORDERS_PER_COMMIT },
} as const;
export type ReferenceStatement = keyof typeof STATEMENTS;

/** With pgbench where it is installed, else with the driver that the hub uses. */
export const referenceTool = (): "pgbench" | "driver loop" =>
  spawnSync("pgbench", ["--version"], { stdio: "ignore" }).status === 0 ? "pgbench" : "driver loop";

/** Repeats one statement on empty reference tables for some seconds. Answers how many deliveries or orders it committed. */
export async function runReference(args: {
  readonly owner: postgres.Sql;
  readonly url: string;
  readonly statement: ReferenceStatement;
  readonly seconds: number;
}): Promise<number> {
  const { owner, statement } = args;
  const { clients, effects } = STATEMENTS[statement];
  await owner.unsafe("drop schema if exists bench cascade");
  await owner.file(join(REFERENCE, "schema.sql"));
  const path = join(REFERENCE, `${statement}.sql`);
  const repeat = referenceTool() === "pgbench" ? withPgbench : withDriver;
  const done = await repeat({ url: args.url, path, clients, seconds: args.seconds });
  await owner.unsafe("drop schema bench cascade");
  return done * effects;
}

interface Repeat {
  readonly url: string;
  readonly path: string;
  readonly clients: number;
  readonly seconds: number;
}

async function withPgbench({ url, path, clients, seconds }: Repeat): Promise<number> {
  const options = ["-n", "-M", "prepared", "-c", String(clients), "-j", "2", "-T", String(seconds), "-f", path];
  const { stdout } = await run("pgbench", [...options, url]);
  return Number(/actually processed: (\d+)/.exec(stdout)?.[1] ?? "0");
}

async function withDriver({ url, path, clients, seconds }: Repeat): Promise<number> {
  const sql = postgres(url, { max: clients, onnotice: () => {} });
  const statement = readFileSync(path, "utf8");
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const client = async () => {
    while (performance.now() < end) {
      await sql.unsafe(statement, [], { prepare: true });
      done++;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await sql.end();
  return done;
}
