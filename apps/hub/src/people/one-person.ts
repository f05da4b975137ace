import type { Tx } from "../db/connect.ts";
import { isSamePerson } from "../keys/owner.ts";
import { readStaff } from "./queries.ts";

/**
 * Whether two acts are one person's, where two people are needed. Whoever was signed in, or made the key, is known by their number:
 * two people may have one name. A key that the operator made has an owner's name only: whoever has that name or address is taken for the
 * owner. Takes the company's own transaction.
 */
export async function isOnePerson(tx: Tx, first: string, second: string): Promise<boolean> {
  const [numberOfFirst, numberOfSecond] = [numberIn(first), numberIn(second)];
  if (numberOfFirst !== null && numberOfSecond !== null) return numberOfFirst === numberOfSecond;
  const [ofFirst, ofSecond] = [await namesOf(tx, first), await namesOf(tx, second)];
  return ofFirst.some((name) => ofSecond.some((other) => isSamePerson(name, other)));
}

/** How a person is called in a sentence. */
export async function calledBy(tx: Tx, whose: string): Promise<string> {
  const [name = whose] = await namesOf(tx, whose);
  return name;
}

const numberIn = (whose: string) => /^person:(p_\w+)$/.exec(whose)?.[1] ?? null;

async function namesOf(tx: Tx, whose: string): Promise<string[]> {
  const number = numberIn(whose);
  const known = number === null ? null : await readStaff(tx, number);
  return known === null ? [whose] : [known.name, known.email];
}
