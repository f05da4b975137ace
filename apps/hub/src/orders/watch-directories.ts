import type { HubParts } from "../parts.ts";
import type { DirectoryWatch } from "./directories.ts";

const EVERY_MS = 1_000;

/** Says in the log and the metrics how directories come into memory; of a large one every second how far it is. */
export function watchDirectories({ log, metrics }: Pick<HubParts, "log" | "metrics">): DirectoryWatch {
  const begun = new Map<number, number>();
  return {
    reading(companyId, rows) {
      const now = performance.now();
      const last = begun.get(companyId);
      if (last === undefined) begun.set(companyId, now);
      else if (now - last >= EVERY_MS) {
        begun.set(companyId, now);
        log.info({ companyId, rows }, "reading a company's directory");
      }
    },
    loaded(companyId, { distributors, bytes, seconds }) {
      begun.delete(companyId);
      metrics.directoryLoadSeconds.observe(seconds);
      const megabytes = Math.ceil(bytes / 2 ** 20);
      log.info({ companyId, distributors, megabytes, seconds: Number(seconds.toFixed(2)) }, "a company's directory is in memory");
    },
    evicted(companyId) {
      metrics.directoryEvictions.inc();
      log.info({ companyId }, "a company's directory was let go of: UPLINE_DIRECTORY_MB is used up");
    },
  };
}
