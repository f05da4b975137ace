import type { PlatformName } from "@upline/core";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { Latencies } from "./latency.ts";

/** The SLA table's figures and what an operator watches, for Prometheus. Buckets hold the targets as edges. */
export class Metrics {
  readonly registry = new Registry();
  readonly ackSeconds = this.#histogram(
    "upline_ack_seconds",
    "From the request's arrival to the answer after the delivery was committed",
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.12, 0.3, 1, 5],
  );
  readonly emitSeconds = this.#histogram(
    "upline_emit_seconds",
    "From the delivery's commit to the commit of its commissions",
    [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 2, 10, 60],
  );
  readonly batchSize = this.#histogram(
    "upline_batch_deliveries",
    "Deliveries per processed batch",
    [1, 2, 5, 10, 20, 50, 100, 200],
  );
  readonly received = this.#counter("upline_deliveries_received_total", "Deliveries stored in the inbox", ["platform"]);
  readonly outcomes = this.#counter("upline_deliveries_processed_total", "Processed deliveries by outcome", ["outcome"]);
  readonly refused = this.#counter(
    "upline_requests_refused_total",
    "Refused ingest requests by reason; nothing of them is stored",
    ["platform", "reason"],
  );
  readonly transfers = this.#counter("upline_transfers_total", "Rows written to the ledger", []);
  readonly retries = this.#counter("upline_delivery_retries_total", "Deliveries put off after a failure", []);
  readonly waiting = new Gauge({
    name: "upline_inbox_waiting",
    help: "Deliveries without an outcome",
    registers: [this.registry],
  });

  readonly directoryLoadSeconds = this.#histogram(
    "upline_directory_load_seconds",
    "Reading a company's whole directory into memory",
    [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30],
  );
  readonly directoryEvictions = this.#counter("upline_directory_evictions_total", "Directories let go of for lack of memory", []);
  readonly #receivedBy: Partial<Record<PlatformName, Counter.Internal>> = {};

  /** Exact recent latencies behind the two histograms. */
  readonly recentAcks = new Latencies();
  readonly recentEmits = new Latencies();

  acknowledged(platform: PlatformName, latencyMs: number): void {
    this.#receivedOf(platform).inc();
    this.ackSeconds.observe(latencyMs / 1000);
    this.recentAcks.record(latencyMs);
  }

  /** The exact latencies start over, so that a span can be measured by itself. */
  forgetLatencies(): void {
    this.recentAcks.reset();
    this.recentEmits.reset();
  }

  emitted(latencyMs: number): void {
    this.emitSeconds.observe(latencyMs / 1000);
    this.recentEmits.record(latencyMs);
  }

  /** Shows what companies' directories take. */
  showDirectories(inMemory: () => { readonly companies: number; readonly distributors: number; readonly bytes: number }): void {
    const shown = {
      companies: "Companies whose directory is in memory",
      distributors: "Distributors of the directories in memory",
      bytes: "Memory that directories take",
    } as const;
    for (const [name, help] of Object.entries(shown) as [keyof typeof shown, string][]) {
      const gauge: Gauge = new Gauge({
        name: `upline_directory_${name}`,
        help,
        registers: [this.registry],
        collect: () => gauge.set(inMemory()[name]),
      });
    }
  }

  constructor() {
    for (const [name, recent] of [
      ["ack", this.recentAcks],
      ["emit", this.recentEmits],
    ] as const) {
      for (const [label, share] of [
        ["p50", 0.5],
        ["p99", 0.99],
      ] as const) {
        const gauge: Gauge = new Gauge({
          name: `upline_recent_${name}_${label}_ms`,
          help: `Exact ${label} of the last 65,536 latencies of upline_${name}_seconds`,
          registers: [this.registry],
          collect: () => gauge.set(recent.quantile(share)),
        });
      }
    }
    collectDefaultMetrics({ register: this.registry });
  }

  /** A counter's labels are looked up once. */
  #receivedOf(platform: PlatformName): Counter.Internal {
    const known = this.#receivedBy[platform] ?? this.received.labels({ platform });
    this.#receivedBy[platform] = known;
    return known;
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}
