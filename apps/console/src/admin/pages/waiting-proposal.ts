interface Run {
  readonly run_id: string;
}

/** The run that waits for a second person, as the hub says it; null where none does. */
export function waitingProposal<R extends Run>(period: { waiting_run_id: string | null; runs: readonly R[] }): R | null {
  return period.runs.find(({ run_id }) => run_id === period.waiting_run_id) ?? null;
}
