import type { BinaryBonus } from "./binary.ts";
import type { KnownNames } from "./known-names.ts";

/** What fields of a binary ask of each other. */
export function binaryReferences(known: KnownNames, bonus: BinaryBonus, path: string): void {
  const pays = [bonus.pay, ...(bonus.thenPays ?? [])];
  if (bonus.thenPays !== undefined && pays.some(({ mode }) => mode === "strong-minus-weak"))
    known.add(
      `${path}.thenPays`,
      "stand beside strong-minus-weak, which uses up no pairs, so that one volume would be paid twice",
      "rules that pair: percent, ratio, cycle or table",
    );
  if (bonus.cycleCap !== undefined && !pays.some(({ mode }) => mode === "cycle"))
    known.add(`${path}.cycleCap`, "limits cycles, but no rule pays by the cycle", '"positionCap", or a rule of the mode cycle');
  const places = [bonus.ownVolume, bonus.customerVolume].filter((place) => place !== undefined && place !== "above");
  if (bonus.aboveOnly !== undefined && places.length === 0)
    known.add(
      `${path}.aboveOnly`,
      "means nothing where no own volume takes a side",
      '"ownVolume" or "customerVolume" on a side, or to leave it out',
    );
  if (bonus.ownVolume !== undefined && bonus.ownVolume !== "above" && known.plan.ownPurchase === "pays-nobody")
    known.add(`${path}.ownVolume`, "places own purchases, which pay nobody under this plan", 'to leave it out, or "ownPurchase"');
}
