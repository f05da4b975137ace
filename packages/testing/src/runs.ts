import fc from "fast-check";

/** What fast-check tries by itself. */
export const RUNS = 100;

/** The seed of every run that names none. */
export const SEED = 20_260_701;

/** `FC_SEED`, a 32-bit whole number, and `FC_RUNS`, by which the number of runs is multiplied. */
export function readSoak(env: Readonly<Record<string, string | undefined>>): { seed: number; factor: number } {
  const seed = Number(env.FC_SEED || SEED);
  const factor = Number(env.FC_RUNS || 1);
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    throw new Error(`FC_SEED is "${env.FC_SEED}": a whole number of 32 bits, please.`);
  if (!Number.isInteger(factor) || factor < 1) throw new Error(`FC_RUNS is "${env.FC_RUNS}": a whole number from 1, please.`);
  return { seed, factor };
}

/** How many times as often as usual properties are tried. */
const factorOf = (): number => (fc.readConfigureGlobal().numRuns ?? RUNS) / RUNS;

/** For a property with a number of runs of its own: that number, times what `FC_RUNS` asks for. */
export function runs(usual: number): { numRuns: number } {
  return { numRuns: usual * factorOf() };
}

/** Says in a soak what a property came to, such as the amounts that were compared: a claim of so many can be read there. */
export function tellCount(what: string, count: number | Readonly<Record<string, number>>): void {
  if (factorOf() > 1) process.stdout.write(`${what}: ${JSON.stringify(count)}\n`);
}
