import type { BinaryBonus } from "../plan/binary.ts";
import { formatVolume } from "../plan/parts.ts";
import { float64At } from "../typed.ts";
import type { BinaryOutcome } from "./binary-close.ts";

const volumeText = (units: number): string => formatVolume(BigInt(units));

/** What a position had on its sides, and what became of it, in words. */
export function binaryLines(bonus: BinaryBonus, outcome: BinaryOutcome, no: number): string[] {
  const matched =
    outcome.counts === "cycles" ? `${outcome.matched[no]} cycles` : `${volumeText(float64At(outcome.matched, no))} matched`;
  const sides = `left ${volumeText(float64At(outcome.left, no))}, right ${volumeText(float64At(outcome.right, no))}`;
  return [
    `new volume ${sides}: ${matched}`,
    ...ownLines(outcome, no),
    ...usedLines(bonus, outcome, no),
    ...legDeficits(outcome, no),
  ];
}

/** Own volume on a side, or what was too little to take one. */
function ownLines({ own }: BinaryOutcome, no: number): string[] {
  if (own === undefined) return [];
  const [left, right] = [float64At(own.left, no), float64At(own.right, no)];
  return left === 0 && right === 0 ? ["no own volume takes a side"] : [`own volume in it: ${sidesText(left, right)}`];
}

/** What several rules used together, and pairs that nobody was paid for. */
function usedLines(bonus: BinaryBonus, { usedLeft, usedRight, matched }: BinaryOutcome, no: number): string[] {
  const used = sidesText(float64At(usedLeft, no), float64At(usedRight, no));
  const isUsed = usedLeft[no] !== 0 || usedRight[no] !== 0;
  if (isUsed && bonus.unqualifiedPairs === "used-up" && matched[no] === 0 && bonus.thenPays === undefined)
    return [`used up and not paid, because of not qualifying: ${used}`];
  return isUsed && bonus.thenPays !== undefined ? [`used by ${bonus.thenPays.length + 1} rules in turn: ${used}`] : [];
}

const sidesText = (left: number, right: number): string => `left ${volumeText(left)}, right ${volumeText(right)}`;

/** Returned goods that a leg has yet to make up for. */
function legDeficits({ carry }: BinaryOutcome, no: number): string[] {
  return (["left", "right"] as const).flatMap((side) => {
    const held = carry[side][0]?.[no] ?? 0;
    return held < 0 ? [`${side}: ${volumeText(-held)} of returned goods are still to be made up for by new volume`] : [];
  });
}
