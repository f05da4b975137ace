import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Zippable, zipSync } from "fflate";

/**
 * What a shop installs, as the bytes of a zip: the files of a folder that the patterns name, below `under` where that is not
 * empty. The same sources give the same bytes everywhere, so that anybody can check a released zip.
 */
export function zipOf(args: {
  readonly folder: string;
  readonly patterns: readonly string[];
  readonly under: string;
}): Uint8Array {
  const entries: Zippable = {};
  // A zip keeps the local time of whoever packs it: made from local parts, it is the same everywhere.
  const mtime = new Date(2026, 0, 1);
  for (const path of globSync([...args.patterns], { cwd: args.folder }).sort()) {
    const name = args.under === "" ? path : `${args.under}/${path}`;
    entries[name] = [readFileSync(join(args.folder, path)), { mtime, os: 3, attrs: 0o100644 << 16, level: 9 }];
  }
  return zipSync(entries);
}
