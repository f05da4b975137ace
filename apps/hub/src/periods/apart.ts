import { Worker } from "node:worker_threads";
import { noteCommit, onlyReads } from "../db/commits.ts";
import { asCompany, type Database } from "../db/connect.ts";
import { Busy } from "../db/turns.ts";
import { HubError } from "../errors.ts";
import { type CommitAct, type PeriodRun, workOf } from "./close.ts";
import { lastDistributorNo } from "./queries.ts";

/**
 * A close of many distributors computes for seconds without a pause. In the hub's own thread deliveries would wait for it,
 * of every company: so it runs in a thread of its own, with connections of its own.
 */

/** What somebody may do about a period that computes it. */
export type CloseWork = "preview" | "close" | "rerun" | "refund" | "commit";

/** What a caller is told of a run. */
export type ClosedPeriod = Pick<PeriodRun, "run" | "period">;

/** A close of fewer distributors takes some hundredths of a second: less than a thread takes to start. */
const MANY = 20_000;

/** Computes a period, in a thread of its own where that takes long. Throws what `close.ts` throws. */
export async function closeApart(
  db: Database,
  { work, act, many = MANY }: { work: CloseWork; act: CommitAct; many?: number },
): Promise<ClosedPeriod> {
  const distributors = await onlyReads(() => asCompany(db, act.companyId, (tx) => lastDistributorNo(tx, act.companyId)));
  if (distributors < many) return workOf[work]({ db }, act);
  // Each takes hundreds of megabytes: one after the other.
  const before = underway.get(db) ?? Promise.resolve();
  const running = before.then(() => inThread(db, { work, act }));
  underway.set(
    db,
    running.catch(() => {}),
  );
  return running;
}

const underway = new WeakMap<Database, Promise<unknown>>();

/** What the thread is given, and what it answers. */
export type ThreadOrder = Readonly<{ work: CloseWork; act: Omit<CommitAct, "onProgress">; urls: Database["urls"] }>;
export type ThreadAnswer =
  | { readonly kind: "done"; readonly closed: ClosedPeriod }
  | { readonly kind: "refused"; readonly refusal: Pick<HubError, "code" | "message" | "fields" | "members"> }
  | { readonly kind: "busy" | "away" | "failed"; readonly name: string; readonly at: string };

function inThread(db: Database, { work, act }: { work: CloseWork; act: CommitAct }): Promise<ClosedPeriod> {
  const { companyId, periodNo, actor, person, runNo } = act;
  const given: ThreadOrder = { work, act: { companyId, periodNo, actor, person, runNo }, urls: db.urls };
  // The thread commits over connections of its own.
  noteCommit();
  const thread = new Worker(new URL("./apart-thread.ts", import.meta.url), { workerData: given });
  return new Promise((resolve, reject) => {
    thread.once("message", (answer: ThreadAnswer) => {
      if (answer.kind === "done") resolve(answer.closed);
      else reject(errorOf(answer));
    });
    thread.once("error", reject);
    // Too late to matter once there was an answer.
    thread.once("exit", (code) => reject(new Error(`the thread of a close ended with ${code} and no answer`)));
  });
}

function errorOf(answer: Exclude<ThreadAnswer, { kind: "done" }>): Error {
  if (answer.kind === "refused") {
    const { code, message, fields, members } = answer.refusal;
    return new HubError(code, message, { fields, members });
  }
  if (answer.kind === "busy") return new Busy("Too much of this company is under way at once. Try again shortly.");
  const failed = new Error(`the thread of a close failed: ${answer.name} ${answer.at}`);
  return answer.kind === "away" ? Object.assign(failed, { code: "CONNECTION_ENDED" }) : failed;
}
