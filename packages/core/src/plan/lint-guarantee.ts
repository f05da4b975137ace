import type { Finding } from "./finding.ts";
import { volumeOf } from "./parts.ts";
import type { Plan } from "./schema.ts";

/** What a guaranteed minimum of an override should be told. */
export function guarantees(plan: Plan): Finding[] {
  return plan.bonuses.flatMap((bonus, i) => {
    if (bonus.kind !== "breakaway" || bonus.override.mode !== "guaranteed-minimum") return [];
    const { due, keeps } = bonus.override;
    const path = `bonuses[${i}].override`;
    const found: Finding[] = [];
    const warn = (field: string, wrong: string, right: string): void => {
      found.push({ severity: "warning", rule: "guarantee", path: `${path}.${field}`, wrong, right });
    };
    if (volumeOf(due.atLeastVolume) === 0n)
      warn("due.atLeastVolume", "is 0, so that nothing is guaranteed", "the volume at which a group breaks away");
    if (new Set(Object.values(plan.cvRates)).size > 1)
      warn("due.atLeastVolume", 'is worth the CV rate of "*", though markets differ', "one cvRate, or an override per market");
    if (keeps !== undefined && keeps.orGroups === 1)
      warn("keeps.orGroups", "is 1: whoever receives anything keeps it", 'at least 2, or to leave "keeps" out');
    return found;
  });
}
