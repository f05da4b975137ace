import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { EnvError } from "../env.ts";

/** How long a server may take to start or to stop before it counts as stuck. */
const PATIENCE_MS = 60_000;

/**
 * The port of the server that runs on a data folder; null where none does. The file that says so outlives a machine that
 * lost its power, and then another process may have the number: such a file is removed, because PostgreSQL would believe it.
 */
export async function runningPort(data: string): Promise<number | null> {
  const path = join(data, "postmaster.pid");
  let pid = 0;
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await wait(100)) {
    if (!existsSync(path)) return null;
    const [number, , , port, , , , status] = readFileSync(path, "utf8").split("\n");
    pid = Number(number);
    // Written at this very moment.
    if (!(pid > 0)) continue;
    if (!isServerOf(pid, data)) {
      rmSync(path, { force: true });
      return null;
    }
    if (status?.trim() === "ready") return Number(port);
  }
  throw new EnvError(
    `The embedded database in ${data} neither starts nor stops: look at process ${pid} and at ${join(data, "server.log")}.`,
  );
}

/** A server works in its data folder. */
function isServerOf(pid: number, data: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  try {
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).includes("postgres");
  } catch {
    // A process that this account may not look at is not of this account, and so not its server.
    return false;
  }
}
