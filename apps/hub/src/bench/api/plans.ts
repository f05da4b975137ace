import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";

/** The plans of slow statements, which PostgreSQL writes to its log where `auto_explain` is loaded. */

/** For connections that are opened from now on. */
export async function explainSlow(owner: postgres.Sql, overMs: number | null): Promise<void> {
  const [row] = await owner<{ database: string }[]>`select current_database() as database`;
  const database = `database "${row?.database ?? ""}"`;
  const settings = {
    session_preload_libraries: "auto_explain",
    "auto_explain.log_min_duration": String(overMs),
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_buffers": "on",
  };
  for (const [name, value] of Object.entries(settings))
    await owner.unsafe(overMs === null ? `alter ${database} reset ${name}` : `alter ${database} set ${name} = '${value}'`);
}

/** What the server's log gains while something is done. */
export class ServerLog {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, "postgres", "server.log");
  }

  async during(work: () => Promise<unknown>): Promise<string> {
    const before = statSync(this.#path).size;
    await work();
    return readFileSync(this.#path).subarray(before).toString("utf8").trim();
  }
}
