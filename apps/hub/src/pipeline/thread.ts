import { Worker as Thread } from "node:worker_threads";
import type { PendingDelivery } from "../db/inbox.ts";
import type { Env } from "../env.ts";
import type { Logger } from "../log.ts";
import type { BatchReport, PipelineMeter, PipelineWorker } from "./worker.ts";

/** What the pipeline's thread is told; `ask` numbers what wants an answer. */
export type ToThread =
  | { readonly kind: "offer"; readonly deliveries: readonly PendingDelivery[] }
  | { readonly kind: "start" }
  | { readonly kind: "idle" | "stop"; readonly ask: number }
  | { readonly kind: "sweep"; readonly ask: number; readonly olderThanMs: number };

/** What it tells. */
export type FromThread =
  | { readonly kind: "done"; readonly ask: number; readonly count: number }
  | { readonly kind: "processed"; readonly report: BatchReport }
  | { readonly kind: "put-off" }
  | { readonly kind: "swept-in"; readonly deliveries: number };

export interface ThreadData {
  readonly env: Env;
  readonly databaseUrl: string;
}

/**
 * The pipeline in a thread of its own, with its own connections and its own copy of the directory.
 * It is the same worker; only the hand-off crosses threads. If the thread fails the process ends:
 * the inbox holds everything, and a half-living hub would take what it cannot process.
 */
export class PipelineThread implements PipelineWorker {
  readonly #thread: Thread;
  readonly #asked = new Map<number, (count: number) => void>();
  #asks = 0;
  #waiting: PendingDelivery[] = [];

  constructor(args: ThreadData & { log: Logger; meter: PipelineMeter }) {
    const workerData: ThreadData = { env: args.env, databaseUrl: args.databaseUrl };
    this.#thread = new Thread(new URL("./thread-main.ts", import.meta.url), { workerData });
    this.#thread.on("message", (message: FromThread) => this.#hear(message, args.meter));
    this.#thread.on("error", (error) => {
      args.log.fatal({ error: error.name }, "the pipeline's thread failed");
      process.exit(1);
    });
  }

  start(): void {
    this.#tell({ kind: "start" });
  }

  /** What comes in one turn of the loop crosses in one message. */
  offer(deliveries: readonly PendingDelivery[]): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    this.#waiting.push(...deliveries);
  }

  async idle(): Promise<void> {
    this.#flush();
    await this.#ask((ask) => ({ kind: "idle", ask }));
  }

  async stop(): Promise<void> {
    this.#flush();
    await this.#ask((ask) => ({ kind: "stop", ask }));
    await this.#thread.terminate();
  }

  sweep(olderThanMs: number): Promise<number> {
    return this.#ask((ask) => ({ kind: "sweep", ask, olderThanMs }));
  }

  #flush(): void {
    if (this.#waiting.length === 0) return;
    this.#tell({ kind: "offer", deliveries: this.#waiting });
    this.#waiting = [];
  }

  #tell(message: ToThread): void {
    this.#thread.postMessage(message);
  }

  #ask(message: (ask: number) => ToThread): Promise<number> {
    const ask = ++this.#asks;
    return new Promise((resolve) => {
      this.#asked.set(ask, resolve);
      this.#tell(message(ask));
    });
  }

  #hear(message: FromThread, meter: PipelineMeter): void {
    switch (message.kind) {
      case "processed":
        return meter.processed(message.report);
      case "put-off":
        return meter.putOff();
      case "swept-in":
        return meter.sweptIn(message.deliveries);
      case "done":
        this.#asked.get(message.ask)?.(message.count);
        this.#asked.delete(message.ask);
    }
  }
}
