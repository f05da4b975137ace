import { type ReasonKind, reason } from "../reasons/reason.ts";
import { type Finding, findingOf } from "./finding.ts";
import { volumeOf } from "./parts.ts";
import type { Plan } from "./schema.ts";

/** What a guaranteed minimum of an override should be told. */
export function guarantees(plan: Plan): Finding[] {
  return plan.bonuses.flatMap((bonus, i) => {
    if (bonus.kind !== "breakaway" || bonus.override.mode !== "guaranteed-minimum") return [];
    const { due, keeps } = bonus.override;
    const path = `bonuses[${i}].override`;
    const found: Finding[] = [];
    const warn = (field: string, wrong: ReasonKind, right: ReasonKind): void => {
      found.push(findingOf("warning", "guarantee", `${path}.${field}`, { wrong: reason(wrong), right: reason(right) }));
    };
    if (volumeOf(due.atLeastVolume) === 0n) warn("due.atLeastVolume", "guarantees-nothing", "breakaway-volume");
    if (new Set(Object.values(plan.cvRates)).size > 1) warn("due.atLeastVolume", "one-rate-of-many", "one-rate-or-override-each");
    if (keeps !== undefined && keeps.orGroups === 1) warn("keeps.orGroups", "one-group-keeps", "two-or-left-out");
    return found;
  });
}
