interface Run {
  readonly kind: "trial" | "proposed" | "committed";
}

/** The run that waits for a second person: the newest that is no preview, where nobody carried it out or sent it back; null where none waits. */
export function waitingProposal<R extends Run>({ state, runs }: { state: string; runs: readonly R[] }): R | null {
  const newest = runs.find(({ kind }) => kind !== "trial");
  return state !== "open" && newest?.kind === "proposed" ? newest : null;
}
