import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHROMIUM_ARGS, chromiumPath, PATIENCE_MS } from "@upline/testing/chromium";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { buildPages } from "./browser.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** The demo as somebody starts it, on ports and in a folder of its own. */
export interface DemoHub {
  readonly url: string;
  readonly password: string;
  stop(): Promise<void>;
}

/** Built pages on a demo of its own in a browser, for a suite that calls this where it begins. */
export function onDemo(opened: (world: { demo: DemoHub; browser: Browser }) => void): void {
  let demo: DemoHub | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    await buildPages();
    demo = await startDemo();
    browser = await chromium.launch({ executablePath: chromiumPath() ?? "", args: [...CHROMIUM_ARGS] });
    opened({ demo, browser });
  }, 2 * PATIENCE_MS);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });
}

export async function startDemo(): Promise<DemoHub> {
  const folder = mkdtempSync(join(tmpdir(), "upline-console-"));
  // Ports are the system's to give: one that was free a moment ago may be taken.
  const env = { ...process.env, UPLINE_DATA_DIR: folder, UPLINE_PORT: "0", UPLINE_DATABASE_PORT: "0" };
  const child = spawn(process.execPath, ["--import", "./apps/hub/compile-cache.mjs", "apps/hub/src/demo/main.ts"], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return {
      ...(await saidSignIn(child)),
      stop: async () => {
        await ended(child);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await ended(child);
    throw error;
  }
}

function saidSignIn(child: ChildProcess): Promise<Pick<DemoHub, "url" | "password">> {
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error(`the demo did not start in time: ${text}`)), PATIENCE_MS);
    child.stdout?.on("data", (chunk) => {
      text += String(chunk);
      const password = /Sign in with the password (\S+):/.exec(text)?.[1];
      const url = /http:\/\/localhost:\d+(?=\/console)/.exec(text)?.[0];
      if (password === undefined || url === undefined || !text.includes("stays up")) return;
      clearTimeout(late);
      resolve({ url, password });
    });
    child.once("exit", () => reject(new Error(`the demo ended: ${text}`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
