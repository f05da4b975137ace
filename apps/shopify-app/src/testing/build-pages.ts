import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Pages } from "../server.ts";

const ROOM = join(import.meta.dirname, "../..");

/** Builds the pages as `pnpm build` does, and loads them. Seconds: in one test file only. */
export async function buildPages(): Promise<{ answer: Pages; assets: string }> {
  await promisify(execFile)(join(ROOM, "node_modules/.bin/remix"), ["vite:build"], {
    cwd: ROOM,
    env: { ...process.env, NODE_ENV: "production", CI: "1" },
  });
  const built = await import(pathToFileURL(join(ROOM, "build/server/index.js")).href);
  return {
    answer: (request, parts) => built.entry.module.answerPages(built, request, parts),
    assets: join(ROOM, "build/client"),
  };
}
