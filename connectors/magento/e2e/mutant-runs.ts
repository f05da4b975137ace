/** Each mutant has to be seen, and as what it is; the same scenario with the hub as it is has to be clean. */
import { mutantsOf } from "@upline/shop-suite/mutants";
import { type Judgement, judge } from "./judge.ts";
import { placedIn, type Run } from "./placed.ts";
import { runShort } from "./scenario.ts";

/** The difference by which a mutant gives itself away: that something is wrong somewhere would not do. */
const SEEN_AS: Readonly<Record<string, RegExp>> = {
  "all orders to one distributor": /the owner is to be ANNA and is CARLA/,
  "credit memos forgotten": /what was given back of it is to be [1-9]\d* and is 0/,
  "a wrong rate at level 2": /level 2 \w+ has is to be/,
};

export async function showMutants(run: Run, say: (text: string) => void) {
  say("the hub as it is");
  const plain = await runWith(run, null);
  const mutants: Record<string, { red: boolean; delta: number; first: string }> = {};
  for (const name of mutantsOf("magento")) {
    say(`mutant: ${name}`);
    const { differences } = await runWith(run, name);
    const first = differences.find(({ text }) => SEEN_AS[name]?.test(text));
    mutants[name] = { red: first !== undefined, delta: differences.length, first: first?.text ?? "" };
    say(first?.text ?? "it was not seen");
  }
  const allRed = Object.values(mutants).every(({ red }) => red);
  return {
    ok: allRed && plain.differences.length === 0 && plain.bookedMinor > 0n,
    delta: plain.differences.length,
    differences: plain.differences.map(({ kind, text }) => `${kind}: ${text}`),
    mutants,
  };
}

/** The same company and the same store go on; each run looks at its own orders. */
async function runWith(run: Run, mutant: string | null): Promise<Judgement> {
  await run.hub.restart(mutant);
  const own: Run = { ...run, placed: placedIn(run.shop), problems: [] };
  await runShort(own);
  return judge(own);
}
