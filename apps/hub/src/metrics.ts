import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

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

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}
