import { existsSync } from "node:fs";

/** The browser of the tests: `UPLINE_CHROMIUM`, or where Debian installs it; null where there is none. */
export function chromiumPath(): string | null {
  const path = process.env.UPLINE_CHROMIUM || "/usr/bin/chromium";
  return existsSync(path) ? path : null;
}

/** What Chromium needs to run without a screen, in a container, and without calling home. */
export const CHROMIUM_ARGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** How long a page may take for one thing, in milliseconds: a bound for what hangs, as on a busy machine nothing is soon. */
export const PATIENCE_MS = 200_000;
