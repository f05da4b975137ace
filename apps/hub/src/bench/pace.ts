import type { Wire } from "./wire.ts";

export interface PaceResult {
  readonly sent: number;
  readonly accepted: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Open-loop load: each request has a due time by the rate, whether or not earlier ones were answered,
 * and its latency counts from then, so that a stall is not hidden by waiting for it.
 */
export async function pace(args: { wire: Wire; requests: readonly Buffer[]; perSecond: number }): Promise<PaceResult> {
  const { wire, requests, perSecond } = args;
  const latencies: number[] = [];
  const started = performance.now();
  const pending: Promise<void>[] = [];
  let next = 0;
  while (next < requests.length) {
    const due = Math.min(requests.length, Math.floor(((performance.now() - started) / 1000) * perSecond) + 1);
    for (; next < due; next++) {
      const dueAt = started + (next / perSecond) * 1000;
      pending.push(
        wire.send(requests[next] as Buffer, dueAt).then(({ status, latencyMs }) => {
          if (status === 200) latencies.push(latencyMs);
        }),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.max(0, Math.ceil(share * latencies.length) - 1)] ?? 0;
  return { sent: requests.length, accepted: latencies.length, seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
