import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");
const START_MS = 180_000;

/** The demo as somebody starts it, on ports and in a folder of its own. */
export interface DemoHub {
  readonly url: string;
  readonly password: string;
  stop(): Promise<void>;
}

export async function startDemo(): Promise<DemoHub> {
  const folder = mkdtempSync(join(tmpdir(), "upline-console-"));
  // Ports are the system's to give: one that was free a moment ago may be taken.
  const env = { ...process.env, UPLINE_DATA_DIR: folder, UPLINE_PORT: "0", UPLINE_DATABASE_PORT: "0" };
  const child = spawn(process.execPath, [join(ROOT, "apps/hub/src/demo/main.ts")], {
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
    const late = setTimeout(() => reject(new Error(`the demo did not start in time: ${text}`)), START_MS);
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
