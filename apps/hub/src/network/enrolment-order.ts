interface Enrolment {
  readonly distributorId: string;
  readonly sponsorId?: string | null | undefined;
}

/**
 * Puts sponsors before those they sponsor, otherwise in the order given. Sponsors who are not among
 * the rows do not matter. Circles are returned by themselves, each with the row that comes first in it.
 */
export function sponsorsFirst<T extends Enrolment>(rows: readonly T[]): { ordered: T[]; circles: T[][] } {
  const byId = new Map(rows.map((row) => [row.distributorId, row]));
  const seen = new Set<T>();
  const circular = new Set<T>();
  const ordered: T[] = [];
  const circles: T[][] = [];
  for (const row of rows) {
    const path: T[] = [];
    const onPath = new Set<T>();
    let climber: T | undefined = row;
    while (climber !== undefined && !seen.has(climber)) {
      seen.add(climber);
      onPath.add(climber);
      path.push(climber);
      climber = climber.sponsorId == null ? undefined : byId.get(climber.sponsorId);
    }
    if (climber !== undefined && onPath.has(climber)) circles.push(path.slice(path.indexOf(climber)));
    // Whoever stands below a circle cannot be placed either; only the circle itself is worth telling.
    if (climber !== undefined && (onPath.has(climber) || circular.has(climber))) for (const below of path) circular.add(below);
    else for (let index = path.length - 1; index >= 0; index--) ordered.push(path[index] as T);
  }
  return { ordered, circles };
}
