import { cpus, totalmem } from "node:os";
import { referenceTool } from "./reference.ts";
import type { HubRun } from "./run-hub.ts";

export interface Rate {
  readonly perSecond: number;
  /** Processor time of PostgreSQL for each. */
  readonly postgresUs: number | null;
}

/** One time through all phases. */
export interface Round {
  readonly delivery: Rate;
  readonly orders: Rate;
  readonly acks: HubRun;
  readonly flood: HubRun;
  readonly steady: HubRun;
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

interface Figure {
  readonly label: string;
  /** Its name in the JSON line. */
  readonly name: string;
  readonly unit: string;
  readonly digits: number;
  readonly of: (round: Round) => number | null;
}

const each = (run: HubRun, whole: number | null): number | null => (whole === null ? null : whole / run.count);
const ackRate = ({ acks }: Round): number => acks.accepted / acks.seconds;
const orderRate = ({ flood }: Round): number => flood.count / flood.cost.seconds;

function figures(steadyPerSecond: number): readonly Figure[] {
  const half = `at half of it (${steadyPerSecond} /s)`;
  const us = { unit: "µs", digits: 0 };
  const ms = { unit: "ms", digits: 1 };
  const rate = { unit: "/s", digits: 0 };
  return [
    { label: "reference: single-row 6 KB inserts", name: "singleRowPerSecond", ...rate, of: (r) => r.delivery.perSecond },
    { label: "reference: lean orders, 50 a commit", name: "batchedOrdersPerSecond", ...rate, of: (r) => r.orders.perSecond },
    { label: "reference: PostgreSQL, an insert", name: "referenceDeliveryUs", ...us, of: (r) => r.delivery.postgresUs },
    { label: "reference: PostgreSQL, an order", name: "referenceOrderUs", ...us, of: (r) => r.orders.postgresUs },
    { label: "acknowledgements", name: "ackPerSecond", ...rate, of: ackRate },
    {
      label: "  against single-row inserts (target 0.9)",
      name: "ackRatio",
      unit: "",
      digits: 3,
      of: (r) => ackRate(r) / r.delivery.perSecond,
    },
    { label: "  hub, a delivery", name: "ackHubUs", ...us, of: (r) => each(r.acks, r.acks.cost.processUs) },
    { label: "  PostgreSQL, a delivery", name: "ackPostgresUs", ...us, of: (r) => each(r.acks, r.acks.cost.postgresUs) },
    { label: "  log, a delivery", name: "ackWalBytes", unit: "bytes", digits: 0, of: (r) => each(r.acks, r.acks.cost.walBytes) },
    { label: "  memory", name: "ackMemoryMb", unit: "MB", digits: 0, of: (r) => r.acks.memoryMb },
    { label: "cart to commission, flooded", name: "ordersPerSecond", ...rate, of: orderRate },
    {
      label: "  against lean orders (target 0.35)",
      name: "orderRatio",
      unit: "",
      digits: 3,
      of: (r) => orderRate(r) / r.orders.perSecond,
    },
    { label: "  hub, an order (target 200)", name: "hubUs", ...us, of: (r) => each(r.flood, r.flood.cost.processUs) },
    { label: "  PostgreSQL, an order (target 90)", name: "postgresUs", ...us, of: (r) => each(r.flood, r.flood.cost.postgresUs) },
    { label: "  log, an order", name: "walBytes", unit: "bytes", digits: 0, of: (r) => each(r.flood, r.flood.cost.walBytes) },
    {
      label: "  disk, an order (target 10,000)",
      name: "diskBytes",
      unit: "bytes",
      digits: 0,
      of: (r) => each(r.flood, r.flood.cost.diskBytes),
    },
    { label: "  memory (target 250)", name: "memoryMb", unit: "MB", digits: 0, of: (r) => r.flood.memoryMb },
    { label: `${half}: ack p50`, name: "ackP50Ms", ...ms, of: (r) => r.steady.p50Ms },
    { label: `${half}: ack p99 (target 25)`, name: "ackP99Ms", ...ms, of: (r) => r.steady.p99Ms },
    { label: `${half}: commission p50`, name: "emitP50Ms", ...ms, of: (r) => r.steady.emitP50Ms },
    { label: `${half}: commission p99 (target 60)`, name: "emitP99Ms", ...ms, of: (r) => r.steady.emitP99Ms },
    { label: `${half}: hub, an order`, name: "steadyHubUs", ...us, of: (r) => each(r.steady, r.steady.cost.processUs) },
    {
      label: `${half}: PostgreSQL, an order`,
      name: "steadyPostgresUs",
      ...us,
      of: (r) => each(r.steady, r.steady.cost.postgresUs),
    },
  ];
}

/** A table for people, with the median and every round; last one JSON line of the medians. */
export function report(args: { rounds: readonly Round[]; steadyPerSecond: number; postgres: string }): void {
  const { rounds, steadyPerSecond, postgres } = args;
  const medians: Record<string, number | null> = {};
  for (const { label, name, unit, digits, of } of figures(steadyPerSecond)) {
    const values = rounds.flatMap((round) => of(round) ?? []);
    const middle = values.length === 0 ? null : Number(median(values).toFixed(digits));
    medians[name] = middle;
    const all = values.map((value) => value.toFixed(digits)).join(" / ");
    console.log(`${label.padEnd(52)} ${String(middle ?? "unknown").padStart(9)} ${unit.padEnd(5)}  ${all}`);
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 1e9)} GB`;
  const tool = referenceTool();
  console.log(`PostgreSQL ${postgres}; reference by ${tool}; ${machine}, load generator included`);
  console.log(JSON.stringify({ tool, postgres, steadyPerSecond, ...medians }));
}
