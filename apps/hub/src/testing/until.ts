import { setTimeout as wait } from "node:timers/promises";

const GENEROUS_MS = 60_000;

/** Waits until a state is there; throws with its name where it does not come. A look that fails counts as "not yet". */
export async function until(what: string, look: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + GENEROUS_MS;
  while (Date.now() < end) {
    const there = await Promise.race([Promise.resolve(look()).catch(() => false), wait(10_000, false)]);
    if (there) return;
    await wait(50);
  }
  throw new Error(`waited in vain until ${what}`);
}
