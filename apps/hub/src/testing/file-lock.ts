import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const WAIT_MS = 120_000;
const POLL_MS = 50;

/** Lets one process of this machine at a time do the work. A lock whose holder has died is taken over. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await take(path);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

async function take(path: string): Promise<void> {
  const mine = `${process.pid}`;
  const until = Date.now() + WAIT_MS;
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: "wx" });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (holderIsDead(path)) rmSync(path, { force: true });
    if (Date.now() > until) throw new Error(`${path} was held for two minutes: delete it if no test is running`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS * (0.5 + Math.random())));
  }
}

function holderIsDead(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    const pid = Number(readFileSync(path, "utf8"));
    // Between making the file and writing the number into it there is a moment without one.
    return pid > 0 && !isAlive(pid);
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
