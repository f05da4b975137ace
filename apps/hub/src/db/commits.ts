import { AsyncLocalStorage } from "node:async_hooks";

const watched = new AsyncLocalStorage<{ sent: boolean }>();

/** Within `work`, `mayHaveCommitted` tells whether a company's transaction of it may have been committed. */
export function watchCommits<T>(work: () => T): T {
  return watched.run({ sent: false }, work);
}

/** `work` only reads: that it is committed changes nothing. */
export function onlyReads<T>(work: () => T): T {
  return watched.exit(work);
}

/** A commit is about to be sent: whatever is heard of it, or of what follows, it may be done. */
export function noteCommit(): void {
  const watch = watched.getStore();
  if (watch) watch.sent = true;
}

/** False where nothing is watched: what only reads, and what says itself what it did. */
export function mayHaveCommitted(): boolean {
  return watched.getStore()?.sent ?? false;
}
