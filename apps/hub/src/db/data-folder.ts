import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EnvError } from "../env.ts";

/** The folder of the embedded database: whatever is wrong with it is told by the name of its setting. */
export function unusable(folder: string, why: string, cause?: unknown): EnvError {
  return new EnvError(
    `UPLINE_DATA_DIR: "${folder}" ${why}. Choose a folder that this account may write to, or set DATABASE_URL.`,
    { cause },
  );
}

/** Makes a folder and what is missing above it, one by one: Node's own way of doing it never returns for a folder of /proc. */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let found = folder;
  for (; !existsSync(found); found = dirname(found)) missing.unshift(found);
  if (!statSync(found).isDirectory()) throw unusable(found, "is a file, not a folder");
  for (const path of missing) {
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw unusable(path, `cannot be made (${codeOf(error)})`, error);
    }
  }
}

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException)?.code ?? "unknown error";

/** Where the database's files go. Under a folder that only root may enter, its account gets one beside the system's other state. */
export function reachableFolder(wanted: string, root: boolean): string {
  if (/[\n\r]/.test(wanted)) throw unusable(wanted, "holds a line break");
  if (!root || isReachable(wanted)) {
    makeFolder(wanted);
    return wanted;
  }
  const moved = join("/var/tmp", `upline${wanted.replaceAll(/[^\w]+/g, "-")}`);
  makeFolder(moved);
  makeFolder(wanted);
  writeFileSync(
    join(wanted, "README"),
    `The database's files are in ${moved}: the account that runs PostgreSQL may not enter this folder.\n`,
  );
  return moved;
}

export function isReachable(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(path) && statSync(path).isDirectory() && (statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** Throws where these are no files of the PostgreSQL that is here. Answers whether there are any yet. */
export function holdsDatabase(data: string, version: string): boolean {
  if (!existsSync(data)) return false;
  if (!statSync(data).isDirectory()) throw unusable(data, "is a file, not a folder");
  const path = join(data, "PG_VERSION");
  if (!existsSync(path)) throw unusable(data, "holds other files, and no database");
  const made = readFileSync(path, "utf8").trim();
  if (made !== version) throw unusable(data, `holds a database of PostgreSQL ${made}, and this is PostgreSQL ${version}`);
  return true;
}
