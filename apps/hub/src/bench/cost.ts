import { readdirSync, readFileSync } from "node:fs";
import type postgres from "postgres";

/** What something cost, of which `/proc` tells the processor's part: null where there is none, or the database is on another machine. */
export interface Cost {
  readonly seconds: number;
  /** Processor time of a process, in microseconds. */
  readonly processUs: number | null;
  /** Processor time of PostgreSQL: all backends, the writers of its log and its tables, and what it cleans up meanwhile. */
  readonly postgresUs: number | null;
  readonly walBytes: number;
  /** By how much all tables and indexes grew. */
  readonly diskBytes: number;
}

/** Starts to measure; the answer ends it. */
export async function startMeter(owner: postgres.Sql, pid: number | null): Promise<() => Promise<Cost>> {
  const postmaster = await postmasterOf(owner);
  const read = async () => ({
    at: performance.now(),
    process: pid === null ? null : processorUs(pid),
    postgres: postmaster === null ? null : processorUsOfAll(postmaster),
    ...(await written(owner)),
  });
  const before = await read();
  return async () => {
    const after = await read();
    return {
      seconds: (after.at - before.at) / 1000,
      processUs: difference(after.process, before.process),
      postgresUs: difference(after.postgres, before.postgres),
      walBytes: after.wal - before.wal,
      diskBytes: after.disk - before.disk,
    };
  };
}

/** The most memory that a process ever had resident, in MB; null where `/proc` does not tell. */
export function peakMemoryMb(pid: number): number | null {
  try {
    const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    return Math.round((kilobytes * 1024) / 1e6);
  } catch {
    return null;
  }
}

const difference = (after: number | null, before: number | null) => (after === null || before === null ? null : after - before);

async function written(owner: postgres.Sql): Promise<{ wal: number; disk: number }> {
  const [row] = await owner<{ wal: number; disk: number }[]>`
    select (pg_current_wal_insert_lsn() - '0/0')::float8 as wal,
           (select sum(pg_total_relation_size(c.oid))::float8 from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')) as disk`;
  return { wal: row?.wal ?? 0, disk: row?.disk ?? 0 };
}

/** The server's first process, where the server is on this machine. */
export async function postmasterOf(owner: postgres.Sql): Promise<number | null> {
  const [row] = await owner<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const backend = row === undefined ? null : statOf(row.pid);
  return backend?.name.startsWith("postgres") ? backend.parent : null;
}

function processorUs(pid: number): number | null {
  return statOf(pid)?.ownUs ?? null;
}

/** Processor time of a process, its children, and those that ended. */
export function processorUsOfAll(parent: number): number | null {
  const first = statOf(parent);
  if (first === null) return null;
  const children = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  return children.reduce((sum, child) => (child.parent === parent ? sum + child.ownUs : sum), first.ownUs + first.endedUs);
}

/** Linux counts in hundredths of a second, whatever its own tick (proc(5), `/proc/pid/stat`). */
const TICK_US = 10_000;

function statOf(pid: number): { name: string; parent: number; ownUs: number; endedUs: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const nameEnd = text.lastIndexOf(")");
    const fields = text.slice(nameEnd + 2).split(" ");
    const ticks = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) * TICK_US;
    return { name: text.slice(text.indexOf("(") + 1, nameEnd), parent: Number(fields[1]), ownUs: ticks(11), endedUs: ticks(13) };
  } catch {
    return null;
  }
}
