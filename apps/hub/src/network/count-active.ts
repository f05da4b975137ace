import { setImmediate as turn } from "node:timers/promises";
import type { TreeVolumes } from "./frontline.ts";
import type { Network } from "./network.ts";

/** From so many people on a count is kept for a while: orders are booked all the time, and a million take some thirty milliseconds. */
const LARGE = 50_000;
const KEPT_MS = 10_000;

interface Kept {
  readonly key: string;
  readonly until: number;
  readonly count: number;
}

const kept = new WeakMap<Network, Kept>();

interface Asked {
  readonly network: Network;
  readonly volumes: TreeVolumes;
  readonly at: Date;
  /** The time as it was asked for; undefined is now. */
  readonly asked: string | undefined;
}

/** How many of a company are active in the period; null where there is none, and where volume alone does not tell. */
export async function activeOf({ network, volumes, at, asked }: Asked): Promise<number | null> {
  const { active: rule, period, pvOf } = volumes;
  if (rule === null || period === null || !rule.isByVolumeAlone) return null;
  const key = `${period.id} ${asked} ${rule.minimumPv} ${rule.statuses}`;
  const known = kept.get(network);
  if (known?.key === key && performance.now() < known.until) return known.count;
  const least = Number(rule.minimumPv);
  const steps = network.countOf({
    at: at.getTime(),
    statuses: rule.statuses,
    passes: (no) => (pvOf(no) ?? 0) >= least,
  });
  let step = steps.next();
  for (; !step.done; step = steps.next()) await turn();
  if (network.size >= LARGE) kept.set(network, { key, until: performance.now() + KEPT_MS, count: step.value });
  return step.value;
}
