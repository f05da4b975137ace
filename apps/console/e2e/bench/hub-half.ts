import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../../..");
/** The first time people and a present month are made, and a million orders booked. */
const START_MS = 1_800_000;

/** What `apps/hub/src/bench/console-hub.ts` says. */
export interface LargeHub {
  readonly url: string;
  readonly seats: {
    readonly password: string;
    readonly owner: string;
    readonly seller: string;
    readonly sellerId: string;
    readonly below: number;
  };
  readonly sample: { readonly orderId: string; readonly entry: string; readonly earnerId: string };
}

export async function startLargeHub(folder: string): Promise<LargeHub & { stop(): Promise<void> }> {
  const args = [join(ROOT, "apps/hub/src/bench/console-hub.ts"), "--folder", folder];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const said = await firstLine(child);
  const stop = () =>
    new Promise<void>((done) => {
      child.once("exit", () => done());
      child.kill("SIGTERM");
    });
  return { ...(JSON.parse(said) as LargeHub), stop };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error("the hub did not start in time")), START_MS);
    child.stdout?.on("data", (chunk) => {
      text += String(chunk);
      if (!text.includes("\n")) return;
      clearTimeout(late);
      resolve(text.slice(0, text.indexOf("\n")));
    });
    child.once("exit", () => reject(new Error(`the hub ended: ${text}`)));
  });
}
