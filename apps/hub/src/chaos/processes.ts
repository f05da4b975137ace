import { setTimeout as wait } from "node:timers/promises";
import { type HubProcess, startHubProcess } from "../bench/hub-process.ts";

type Role = "ingest" | "worker";

/** A hub and its workers, each a process of its own, which is started again whenever it is killed. */
export class Processes {
  readonly #args: { readonly url: string; readonly secretKey: string };
  readonly #running = new Map<string, HubProcess>();
  #stopping = false;

  constructor(args: { url: string; secretKey: string }) {
    this.#args = args;
  }

  /** Where deliveries are taken now; null while nobody does. */
  get baseUrl(): string | null {
    const hub = this.#running.get("ingest");
    return hub === undefined ? null : `http://127.0.0.1:${hub.port}`;
  }

  async start(): Promise<void> {
    await Promise.all([this.#keep("ingest", "ingest"), this.#keep("worker 1", "worker"), this.#keep("worker 2", "worker")]);
  }

  /** kill -9 of one of them, and waits until its successor listens. */
  async kill(name: "ingest" | "worker 1" | "worker 2"): Promise<void> {
    const killed = this.#running.get(name);
    if (killed === undefined) return;
    this.#running.delete(name);
    killed.child.kill("SIGKILL");
    await this.#keep(name, name === "ingest" ? "ingest" : "worker");
  }

  stop(): void {
    this.#stopping = true;
    for (const { child } of this.#running.values()) child.kill("SIGKILL");
  }

  /** Without its database a hub does not start: whoever runs it starts it again. */
  async #keep(name: string, role: Role): Promise<void> {
    while (!this.#stopping) {
      const started = await startHubProcess({ ...this.#args, role }).catch(() => null);
      if (started !== null) {
        this.#running.set(name, started);
        return;
      }
      await wait(500);
    }
  }
}
