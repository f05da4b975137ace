import { aboveOf, COMPANY, type Ground, type Till } from "./ground.ts";

/**
 * Who earns where the first `count` enrolled by a sponsor are passed up: the sponsor, or one upline
 * higher, or by cascade further up while each passer is among the first of their own sponsor.
 * `enrolmentNumber` counts from 1 within a sponsor; 0 is unknown and is never passed up.
 */
export function findPassUp(
  rule: { readonly count: number; readonly cascades: boolean },
  ground: Ground,
  source: number,
  enrolmentNumber: (no: number) => number,
  till: Till,
): number {
  let below = source;
  let earner = aboveOf(ground, source);
  while (earner >= 0 && isPassedUp(enrolmentNumber(below), rule.count)) {
    till.pass(earner, 1, "skipped", "passed-up");
    below = earner;
    earner = aboveOf(ground, earner);
    if (!rule.cascades) break;
  }
  return earner >= 0 ? earner : COMPANY;
}

const isPassedUp = (number: number, count: number): boolean => number > 0 && number <= count;
