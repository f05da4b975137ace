import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Opens `/metrics` of the hubs started here, which are reached from this machine only. */
const METRICS_KEY = "the-key-of-a-bench";

/** What Prometheus would be told. Throws where the hub does not tell. */
export async function readMetrics(hub: HubProcess): Promise<string> {
  const headers = { authorization: `Bearer ${METRICS_KEY}` };
  const response = await fetch(`http://127.0.0.1:${hub.port}/metrics`, { headers });
  if (!response.ok) throw new Error(`the hub tells no metrics: ${response.status}`);
  return response.text();
}

/** A hub in a process of its own, so that it can be measured, or killed. */
export interface HubProcess {
  readonly child: ChildProcess;
  readonly port: number;
}

const ROOT = join(import.meta.dirname, "../../../..");

/** How people start a hub: `pnpm upline serve`, with what that script says to node. What is measured is what runs. */
function asPeopleStart(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: { upline: string } };
  const [, ...words] = `${scripts.upline} serve`.split(" ");
  return words;
}

/** Starts one on any free port and waits until it listens. */
export function startHubProcess(args: {
  url: string;
  secretKey: string;
  role: "all" | "ingest" | "worker";
}): Promise<HubProcess> {
  const env = {
    ...process.env,
    DATABASE_URL: args.url,
    UPLINE_SECRET_KEY: args.secretKey,
    UPLINE_ROLE: args.role,
    UPLINE_PORT: "0",
    UPLINE_LOG_LEVEL: "info",
    UPLINE_JOBS: "off",
    UPLINE_METRICS_KEY: METRICS_KEY,
  };
  const child = spawn(process.execPath, asPeopleStart(), { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += String(chunk);
      const found = /"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(text);
      if (found) resolve({ child, port: Number(found[1]) });
    });
    child.on("exit", () => reject(new Error(`the hub ended: ${text}`)));
  });
}
