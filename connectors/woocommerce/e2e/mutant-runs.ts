/** Each mutant has to be seen, and as what it is; the same scenario with the hub as it is has to be clean. */

import { GATE_MUTANTS, type GateMutant, mutantsOf } from "@upline/shop-suite/mutants";
import { type Judgement, judge, type Run } from "./judge.ts";
import { placedIn } from "./placed.ts";
import { runShort } from "./scenario.ts";

/** The difference by which a mutant gives itself away: that something is wrong somewhere would not do. */
const SEEN_AS: Readonly<Record<string, RegExp>> = {
  "all orders to one distributor": /the owner is to be ANNA and is CARLA/,
  "partial refunds forgotten": /what was given back of it is to be [1-9]\d* and is 0/,
  "the last state dropped": /the stage is to be earned and is pending/,
  "a copy accepted": /the stage is to be earned and is void/,
  "a wrong rate at level 2": /level 2 \w+ has is to be/,
};

interface Seen {
  readonly red: boolean;
  readonly delta: number;
  readonly first: string;
}

export async function showMutants(run: Run, say: (text: string) => void) {
  say("the hub as it is");
  const plain = await runWith(run, null);
  const mutants: Record<string, Seen> = {};
  // A copy that was accepted leaves an order with a high number in the books: it comes last.
  for (const name of [...mutantsOf("woocommerce"), ...GATE_MUTANTS]) {
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
    orders: plain.orders,
    differences: plain.differences.map(({ kind, text }) => `${kind}: ${text}`),
    mutants,
  };
}

/** The same company and the same store go on; each run looks at its own orders. */
async function runWith({ shop, gate, hub }: Run, mutant: string | null): Promise<Judgement> {
  await hub.restart(mutant);
  gate.mutant = GATE_MUTANTS.find((name): name is GateMutant => name === mutant) ?? null;
  gate.deliveries.length = 0;
  const run: Run = { shop, gate, hub, placed: placedIn(shop), second: null, problems: [] };
  await shop.inside("reset");
  const { problem } = (await shop.inside("connect", { code: await hub.connectionCode() })) as { problem: string };
  if (problem !== "") throw new Error(problem);
  await runShort(run);
  const judgement = await judge(run);
  gate.mutant = null;
  return judgement;
}
