import { reason } from "../reasons/reason.ts";
import { isCloseBonus } from "./dependencies.ts";
import { type Finding, findingOf } from "./finding.ts";
import type { Plan } from "./schema.ts";

/** Caps that do not reach what they name, or cut nothing. */
export function capFindings(plan: Plan): Finding[] {
  return (plan.caps ?? []).flatMap((cap, i): Finding[] => {
    if (cap.kind === "running-total") {
      const first = cap.bonuses.find((id) => cap.atMost[id] !== undefined);
      if (first !== undefined) return [];
      const why = { wrong: reason("caps-nothing"), right: reason("cap-of-one") };
      return [findingOf("error", "running-total", `caps[${i}].atMost`, why)];
    }
    return (cap.bonuses ?? []).flatMap((id, j) => {
      const bonus = plan.bonuses.find((other) => other.id === id);
      if (bonus === undefined || isCloseBonus(bonus)) return [];
      const why = { wrong: reason("cap-too-late", { bonus: id }), right: reason("running-total-or-close") };
      return [findingOf("warning", "cap-reach", `caps[${i}].bonuses[${j}]`, why)];
    });
  });
}
