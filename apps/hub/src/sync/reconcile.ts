import { type FoundOrder, type KnownOrder, StoreError, type StoreReader } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import type { WebhookNote } from "../db/schema/sync.ts";
import { HubError } from "../errors.ts";
import { readSnapshot } from "../orders/snapshot.ts";
import { needReadableStore, readerOf } from "../stores/access.ts";
import { storeSettings } from "../stores/settings.ts";
import type { FeedTarget, JobParts } from "./feed.ts";
import { type HealOptions, heal, isDeletedHere, MOST_DELETIONS, Tally } from "./heal.ts";
import { withStoreLock } from "./lock.ts";
import {
  countHeldOrders,
  findReadState,
  insertAnsweredHints,
  insertReconciliation,
  listHeldOrders,
  listOpenHints,
  markStarted,
  type NewReconciliation,
  type ReadState,
} from "./queries.ts";
import { ReadingProgress } from "./reading.ts";
import { lookAfterWebhooks } from "./webhooks.ts";

/** Known orders that a scheduled run compares by id: ten requests. The next run goes on behind them. */
const KNOWN_PER_RUN = 1000;
const KNOWN_PAGE = 200;
const HINTS_PER_RUN = 500;

export interface ReconcileArgs {
  readonly companyId: number;
  readonly storeId: string;
  /** Begins here instead of where the last run ended. */
  readonly since?: Date | undefined;
  /** Begins so long ago, if the store was connected by then, where that is earlier than the last run's end. */
  readonly lookBackMs?: number | undefined;
  /** Compares every known order by id, not the next ones only. */
  readonly all?: boolean | undefined;
  /** Takes any number of orders as gone that the shop says are gone. */
  readonly acceptDeletions?: boolean | undefined;
  readonly onProgress?: ((checked: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type ReconcileResult = Omit<NewReconciliation, "companyId">;

/**
 * Asks a store for everything that changed since the last time, for the orders its hints were about
 * and for those the hub knows, and heals what differs. Null where another run is at it. A store that
 * cannot be reached ends the run as failed; what was healed by then stays healed. Throws HubError.
 */
export async function reconcileStore(parts: JobParts, args: ReconcileArgs): Promise<ReconcileResult | null> {
  const { companyId, storeId, signal } = args;
  const store = await needReadableStore(parts, args);
  if (store.status !== "active") throw new HubError("unprocessable", `The store ${storeId} is ${store.status}.`);
  const reader = readerOf(parts, store, signal);
  return withStoreLock(parts.db, storeId, async () => {
    const state = await asCompany(parts.db, companyId, async (tx) => {
      await markStarted(tx, args);
      return findReadState(tx, args);
    });
    const since = args.since ?? startOf(args, { ...state, createdAt: store.createdAt });
    const target: FeedTarget = { companyId, storeId, platform: store.platform, settings: storeSettings(store.settings) };
    const progress = new ReadingProgress(parts, args);
    await progress.begin("reconcile");
    const begun = { startedAt: new Date(), total: null, knownTotal: await countKnown(parts, args, state) };
    const run: Run = { parts, args, reader, target, state, since, tally: new Tally(), progress, ...begun };
    let end: { until: Date | null; comparedAfter: bigint } = { until: null, comparedAfter: state.comparedAfter };
    let webhooks: WebhookNote[] = [];
    let error: string | null = null;
    try {
      const until = await healChanges(run);
      await healHints(run);
      end = { until, comparedAfter: await healKnown(run) };
      webhooks = await lookAfterWebhooks(parts, { reader, store, companyId });
    } catch (cause) {
      signal?.throwIfAborted();
      error = reasonOf(cause);
    }
    return finish(run, { ...end, webhooks, error });
  });
}

function startOf(
  { lookBackMs }: ReconcileArgs,
  { reconciledUntil, createdAt }: { readonly reconciledUntil: Date | null; readonly createdAt: Date },
): Date {
  const usual = reconciledUntil ?? createdAt;
  if (lookBackMs === undefined) return usual;
  const back = Math.max(createdAt.getTime(), Date.now() - lookBackMs);
  return new Date(Math.min(usual.getTime(), back));
}

interface Run {
  readonly parts: JobParts;
  readonly args: ReconcileArgs;
  readonly reader: StoreReader;
  readonly target: FeedTarget;
  readonly state: ReadState;
  readonly since: Date;
  readonly tally: Tally;
  readonly progress: ReadingProgress;
  readonly startedAt: Date;
  /** Orders to go through, as far as somebody knows. */
  total: number | null;
  readonly knownTotal: number | null;
}

/** How many of the known orders a run compares by id; null where it compares all of them. */
async function countKnown(
  { db }: JobParts,
  { companyId, storeId, all }: ReconcileArgs,
  state: ReadState,
): Promise<number | null> {
  if (all) return null;
  const range = { companyId, storeId, after: state.comparedAfter, limit: KNOWN_PER_RUN };
  return asCompany(db, companyId, (tx) => countHeldOrders(tx, range));
}

async function healFound(run: Run, found: readonly FoundOrder[]): Promise<void> {
  const mostDeletions = run.args.acceptDeletions ? Number.POSITIVE_INFINITY : MOST_DELETIONS;
  const askAgain = (orderId: string) => run.reader.order(orderId);
  const options: HealOptions = { tally: run.tally, by: "reconcile", mostDeletions, askAgain };
  await heal(run.parts, run.target, found, options);
}

async function count(run: Run, orders: number): Promise<void> {
  const { tally, total } = run;
  tally.checked += orders;
  run.args.onProgress?.(tally.checked);
  const readingTotal = total === null ? null : Math.max(total, tally.checked);
  await run.progress.at({ readingDone: tally.checked, readingTotal, readingHealed: tally.healed });
}

/** What changed since the last run, trash included. Answers where the next one begins. */
async function healChanges(run: Run): Promise<Date> {
  let until = run.since;
  for await (const page of run.reader.orders({ by: "changed", since: run.since })) {
    run.total = page.total === null || run.knownTotal === null ? null : page.total + run.knownTotal;
    await healFound(run, page.found);
    await count(run, page.found.length);
    until = page.startedAt;
  }
  // A page of the past, as `--since` asks for, does not turn the clock back.
  const { reconciledUntil } = run.state;
  return reconciledUntil !== null && reconciledUntil > until ? reconciledUntil : until;
}

/** A message that says an id and not what became of it, which may even be false: the store is asked. */
async function healHints(run: Run): Promise<void> {
  const { companyId, storeId } = run.target;
  const hints = await asCompany(run.parts.db, companyId, (tx) => listOpenHints(tx, { companyId, storeId, limit: HINTS_PER_RUN }));
  const byOrder = Map.groupBy(hints, (hint) => hint.orderId);
  for (const [orderId, hintsOfOrder] of byOrder) {
    const found = await run.reader.order(orderId);
    await healFound(run, [found]);
    const deliveryIds = hintsOfOrder.map((hint) => hint.deliveryId);
    await asCompany(run.parts.db, companyId, (tx) => insertAnsweredHints(tx, { companyId, deliveryIds, answer: found.kind }));
    await count(run, 1);
  }
}

/** Orders and refunds that are deleted for good appear in no list: the hub asks for what it knows. Answers where the next run goes on. */
async function healKnown(run: Run): Promise<bigint> {
  const position = { after: run.args.all ? 0n : run.state.comparedAfter };
  for await (const found of run.reader.compare(knownOrders(run, position))) await healFound(run, [found]);
  return position.after;
}

async function* knownOrders(run: Run, position: { after: bigint }): AsyncGenerator<KnownOrder> {
  const { companyId, storeId } = run.target;
  for (let left = run.args.all ? Number.POSITIVE_INFINITY : KNOWN_PER_RUN; left > 0; left -= KNOWN_PAGE) {
    const after = position.after;
    const page = await asCompany(run.parts.db, companyId, (tx) =>
      listHeldOrders(tx, { companyId, storeId, after, limit: KNOWN_PAGE }),
    );
    for (const held of page) {
      if (isDeletedHere(held)) continue;
      const { refunds, stage } = readSnapshot(held.snapshot).state;
      const refundIds = refunds.map(({ refundId }) => refundId);
      const isTrashed = stage.kind === "void" && stage.reason === "trashed";
      yield { orderId: held.platformOrderId, modifiedAt: held.revisionAt, refundIds, isTrashed };
    }
    await count(run, page.length);
    if (page.length < KNOWN_PAGE) {
      position.after = 0n;
      return;
    }
    position.after = page.at(-1)?.orderNo ?? 0n;
  }
}

async function finish(
  run: Run,
  end: { until: Date | null; comparedAfter: bigint; webhooks: WebhookNote[]; error: string | null },
): Promise<ReconcileResult> {
  const { tally, target, since, startedAt } = run;
  const result: ReconcileResult = {
    storeId: target.storeId,
    outcome: end.error === null ? "finished" : "failed",
    since,
    until: end.until,
    checked: tally.checked,
    healed: tally.healed,
    deltaBefore: tally.before.texts(),
    delta: tally.after.texts(),
    discrepancies: tally.discrepancies,
    webhooks: end.webhooks.filter(({ outcome }) => outcome !== "kept"),
    error: end.error,
    startedAt,
  };
  const row = { ...result, companyId: target.companyId };
  await asCompany(run.parts.db, target.companyId, (tx) => insertReconciliation(tx, row, end.comparedAfter));
  return result;
}

/** In words for people: what the store said is safe to show; anything else is told by its kind. */
function reasonOf(error: unknown): string {
  if (error instanceof StoreError || error instanceof HubError) return error.message;
  return `failed unexpectedly (${error instanceof Error ? error.name : "unknown"})`;
}
