import type { Leg, NextRank } from "./standing.ts";

/** Something that would bring somebody nearer to a rank, in ten-thousandths of volume. */
export interface Step {
  readonly kind: "own-volume" | "group-volume" | "activate" | "other";
  readonly units: number | null;
  readonly who: Leg | null;
}

/** The cheapest of what is missing, by the volume that it takes; what no volume buys comes last. Null where nothing is missing. */
export function nextStep({ conditions }: NextRank, legs: readonly Leg[]): Step | null {
  const missing = conditions.filter(({ isMet }) => !isMet);
  if (missing.length === 0) return null;
  const bought = missing.flatMap((condition) => boughtBy(condition, legs) ?? []);
  const [cheapest = null] = bought.sort((a, b) => a.units - b.units);
  return cheapest ?? { kind: "other", units: null, who: null };
}

function boughtBy(
  { kind, needed, had }: NextRank["conditions"][number],
  legs: readonly Leg[],
): (Step & { readonly units: number }) | null {
  if (kind === "pv" || kind === "retail-volume") return { kind: "own-volume", units: needed - had, who: null };
  if (kind === "gv" || kind === "gv-under-max-leg" || kind === "personal-group-volume")
    return { kind: "group-volume", units: needed - had, who: null };
  if (kind !== "active-legs") return null;
  const [nearest] = legs.filter(({ shortOfActive }) => shortOfActive > 0).sort((a, b) => a.shortOfActive - b.shortOfActive);
  return nearest === undefined ? null : { kind: "activate", units: nearest.shortOfActive, who: nearest };
}
