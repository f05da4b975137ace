import { isCloseBonus } from "./dependencies.ts";
import type { Finding } from "./finding.ts";
import type { Plan } from "./schema.ts";

/** Caps that do not reach what they name, or cut nothing. */
export function capFindings(plan: Plan): Finding[] {
  return (plan.caps ?? []).flatMap((cap, i): Finding[] => {
    if (cap.kind === "running-total") {
      const first = cap.bonuses.find((id) => cap.atMost[id] !== undefined);
      if (first !== undefined) return [];
      const wrong = "names no cap, so that nothing is cut";
      return [
        { severity: "error", rule: "running-total", path: `caps[${i}].atMost`, wrong, right: "a cap of at least one bonus" },
      ];
    }
    return (cap.bonuses ?? []).flatMap((id, j) => {
      const bonus = plan.bonuses.find((other) => other.id === id);
      if (bonus === undefined || isCloseBonus(bonus)) return [];
      const wrong = `names "${id}", which is paid at order time: this cap does not reach it`;
      const right = 'a cap of kind "running-total", or the snapshot "close" for that bonus';
      return [{ severity: "warning" as const, rule: "cap-reach", path: `caps[${i}].bonuses[${j}]`, wrong, right }];
    });
  });
}
