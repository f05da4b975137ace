import type { Question } from "./questions.ts";

export interface Limits {
  readonly p95Ms: number;
  readonly maxMs: number;
}

export interface Measured extends Question {
  readonly status: number;
  /** The first time it was asked since the start. */
  readonly firstMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** Beyond this a question is not asked as often. */
const PATIENCE_MS = 2_000;

export async function measure(
  question: Question,
  { base, key, repeats }: { base: string; key: string; repeats: number },
): Promise<Measured> {
  const took: number[] = [];
  let status = 0;
  const ends = performance.now() + PATIENCE_MS;
  do {
    const begun = performance.now();
    const response = await fetch(`${base}${question.address}`, { headers: { authorization: `Bearer ${key}` } });
    await response.arrayBuffer();
    took.push(performance.now() - begun);
    status = response.status;
  } while (took.length < repeats && performance.now() < ends);
  const [firstMs = 0] = took;
  const sorted = took.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { ...question, status, firstMs, p50Ms: quantile(0.5), p95Ms: quantile(0.95), maxMs: quantile(1) };
}

/** Why a measured question fails; null where it does not. */
export function failureOf({ status, p95Ms, maxMs }: Measured, limits: Limits): string | null {
  // A value that finds nothing may be answered by 404, and what is too large for a request by 422; a refused one was never looked for.
  if (status !== 200 && status !== 404 && status !== 422) return `answered ${status}`;
  if (maxMs > limits.maxMs) return `${maxMs.toFixed(0)} ms once`;
  return p95Ms > limits.p95Ms ? `p95 ${p95Ms.toFixed(0)} ms` : null;
}

/** By route, and the slowest first within it. */
export function tableOf(all: readonly Measured[], limits: Limits): string[] {
  const ms = (value: number) => value.toFixed(1).padStart(9);
  const lines = [...Map.groupBy(all, ({ route }) => route)].flatMap(([route, own]) => [
    `\n${route}`,
    ...own
      .toSorted((a, b) => b.p95Ms - a.p95Ms)
      .map((measured) => {
        const { filter, status, p50Ms, p95Ms, maxMs, firstMs } = measured;
        const mark = failureOf(measured, limits) === null ? " " : "!";
        return `${mark} ${ms(p50Ms)}${ms(p95Ms)}${ms(maxMs)}${ms(firstMs)}  ${status}  ${filter === "" ? "–" : filter}`;
      }),
  ]);
  return [`  ${["p50", "p95", "max", "first"].map((name) => name.padStart(9)).join("")}  ms, and the filter`, ...lines];
}
