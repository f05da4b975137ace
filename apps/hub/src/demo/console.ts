import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CONSOLE_DIST } from "../http/console-files.ts";

const CONSOLE = join(CONSOLE_DIST, "..");

/** Builds the console where it was never built, or changed since: a demo is there to be looked at. */
export async function buildConsole(): Promise<void> {
  const built = join(CONSOLE_DIST, "console.html");
  if (existsSync(built) && statSync(built).mtimeMs > newestIn(join(CONSOLE, "src"))) return;
  const vite = join(CONSOLE, "node_modules/vite/bin/vite.js");
  const code = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, [vite, "build", "--logLevel", "error"], {
      cwd: CONSOLE,
      // Whoever starts the demo out of a test would get the libraries' development builds.
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.on("error", () => resolve(1));
    child.on("exit", (exit) => resolve(exit ?? 1));
  });
  if (code !== 0) process.stderr.write("The console could not be built; everything else is there. `pnpm build` says why.\n");
}

function newestIn(folder: string): number {
  const times = readdirSync(folder, { recursive: true, withFileTypes: true }).map(
    (file) => statSync(join(file.parentPath, file.name)).mtimeMs,
  );
  return Math.max(0, ...times);
}
