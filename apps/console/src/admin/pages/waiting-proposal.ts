interface Run {
  readonly run_id: string;
}

/** The committed run that nothing replaced: of a period that was computed again the last one. */
export function standingRun<R extends { readonly kind: string; readonly superseded_by: string | null }>(
  runs: readonly R[],
): R | undefined {
  return runs.find(({ kind, superseded_by }) => kind === "committed" && superseded_by === null);
}

/** The run that waits for a second person, as the hub says it; null where none does. */
export function waitingProposal<R extends Run>(period: { waiting_run_id: string | null; runs: readonly R[] }): R | null {
  return period.runs.find(({ run_id }) => run_id === period.waiting_run_id) ?? null;
}
