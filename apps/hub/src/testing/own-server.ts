import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../db/embedded.ts";

/** A PostgreSQL of a test's own, which it may stop and start again at the same address. */
export interface OwnServer {
  readonly url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

export async function startOwnServer({ unsafeFast = true } = {}): Promise<OwnServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "upline-own-server-"));
  const first = await startEmbeddedPostgres({ dataDir, port: 0, unsafeFast });
  const port = Number(new URL(first.url).port);
  let running: EmbeddedPostgres | null = first;
  const stop = async () => {
    await running?.stop();
    running = null;
  };
  return {
    url: first.url,
    stop,
    start: async () => {
      running = await startEmbeddedPostgres({ dataDir, port, unsafeFast });
    },
    remove: async () => {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
