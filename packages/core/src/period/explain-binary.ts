import type { BinaryBonus } from "../plan/binary.ts";
import { formatVolume } from "../plan/parts.ts";
import { type Reason, reason } from "../reasons/reason.ts";
import { float64At } from "../typed.ts";
import type { BinaryOutcome } from "./binary-close.ts";

const volumeText = (units: number): string => formatVolume(BigInt(units));

/** What a position had on its sides, and what became of it. */
export function binaryReasons(bonus: BinaryBonus, outcome: BinaryOutcome, no: number): Reason[] {
  const sides = sidesOf(float64At(outcome.left, no), float64At(outcome.right, no));
  const matched =
    outcome.counts === "cycles"
      ? reason("binary-cycles", { ...sides, matched: String(outcome.matched[no]) })
      : reason("binary-matched", { ...sides, matched: volumeText(float64At(outcome.matched, no)) });
  return [matched, ...ownVolume(outcome, no), ...used(bonus, outcome, no), ...legDeficits(outcome, no)];
}

/** Own volume on a side, or what was too little to take one. */
function ownVolume({ own }: BinaryOutcome, no: number): Reason[] {
  if (own === undefined) return [];
  const [left, right] = [float64At(own.left, no), float64At(own.right, no)];
  return [left === 0 && right === 0 ? reason("no-own-volume") : reason("own-volume", sidesOf(left, right))];
}

/** What several rules used together, and pairs that nobody was paid for. */
function used(bonus: BinaryBonus, { usedLeft, usedRight, matched }: BinaryOutcome, no: number): Reason[] {
  const sides = sidesOf(float64At(usedLeft, no), float64At(usedRight, no));
  const isUsed = usedLeft[no] !== 0 || usedRight[no] !== 0;
  if (isUsed && bonus.unqualifiedPairs === "used-up" && matched[no] === 0 && bonus.thenPays === undefined)
    return [reason("pairs-unpaid", sides)];
  return isUsed && bonus.thenPays !== undefined
    ? [reason("rules-in-turn", { rules: String(bonus.thenPays.length + 1), ...sides })]
    : [];
}

const sidesOf = (left: number, right: number) => ({ left: volumeText(left), right: volumeText(right) });

/** Returned goods that a leg has yet to make up for. */
function legDeficits({ carry }: BinaryOutcome, no: number): Reason[] {
  return (["left", "right"] as const).flatMap((side) => {
    const held = carry[side][0]?.[no] ?? 0;
    return held < 0 ? [reason("leg-deficit", { side, volume: volumeText(-held) })] : [];
  });
}
