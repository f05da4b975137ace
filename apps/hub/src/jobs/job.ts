/** What a run is for: a part of one company's data, such as a store. */
export interface Target {
  readonly companyId: number;
  /** Shown to people, and what only one run at a time is for. */
  readonly subject: string;
}

/** Work that the hub does in the background. A room describes its own; the hub hands all of them to the runner. */
export interface Job {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly about: string;
  /** Minutes from one round to the next; 0: only when somebody asks. */
  readonly everyMinutes: number;
  /** Runs at once in each replica. Never two for the same target, in all of them. */
  readonly atOnce: number;
  readonly retries: { readonly limit: number; readonly delaySeconds: number };
  /** What a round runs for, over all companies. */
  due(): Promise<readonly Target[]>;
  /** What it is run for where somebody asks, due or not. */
  targetsOf(companyId: number): Promise<readonly Target[]>;
  /** Somebody asks while a run for the target waits or is under way; that run may have read already what they ask about. */
  askedAgain?(target: Target): Promise<void>;
  /**
   * Answers what was done, in a sentence. Throws HubError with a sentence that is kept and shown; of
   * anything else only the kind is. The signal ends a run that takes too long, or outlives its hub.
   * `then` hands over a run of another job for the same target, to begin as soon as a failed run of that job would be tried again:
   * for what is left to do where this run itself need not be done again.
   */
  run(target: Target, signal: AbortSignal, then?: (job: string) => void): Promise<string>;
}
