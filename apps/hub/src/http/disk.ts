import { statfs } from "node:fs/promises";
import type { Env } from "../env.ts";

/** The SQLSTATE of a database whose disk is full. */
export const DISK_FULL = "53100";

/** How long a refused write is remembered: long enough that traffic is led elsewhere, short enough to come back by itself. */
const REMEMBERED_MS = 60_000;

/** Whether there is room on the disk: of the database in the hub's own folder, and wherever the database said that it has none. */
export class Disk {
  readonly #env: Pick<Env, "databaseUrl" | "dataDir" | "minFreeMb">;
  #fullAt = 0;

  constructor(env: Pick<Env, "databaseUrl" | "dataDir" | "minFreeMb">) {
    this.#env = env;
  }

  /** The database refused a write because its disk is full. */
  noteFull(): void {
    this.#fullAt = Date.now();
  }

  async hasRoom(): Promise<boolean> {
    if (Date.now() - this.#fullAt < REMEMBERED_MS) return false;
    if (this.#env.databaseUrl !== null) return true;
    const { bavail, bsize } = await statfs(this.#env.dataDir);
    return (bavail * bsize) / 2 ** 20 >= this.#env.minFreeMb;
  }
}
