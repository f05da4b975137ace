import { parentPort, workerData } from "node:worker_threads";
import { connect } from "../db/connect.ts";
import { failureKind } from "../db/retry.ts";
import { HubError } from "../errors.ts";
import type { ThreadAnswer, ThreadOrder } from "./apart.ts";
import { workOf } from "./close.ts";

/** The thread of one close; `apart.ts` starts it and takes its answer. */

const { work, act, urls } = workerData as ThreadOrder;
parentPort?.postMessage(await answer());

async function answer(): Promise<ThreadAnswer> {
  const db = connect(urls, { app: 2, gate: 1 });
  try {
    const { run, period } = await workOf[work]({ db }, act);
    return { kind: "done", closed: { run, period } };
  } catch (error) {
    return failureOf(error);
  } finally {
    await db.close();
  }
}

/** A database's error carries parameters: only its name and place leave the thread. */
function failureOf(error: unknown): ThreadAnswer {
  if (error instanceof HubError) {
    const { code, message, fields, members } = error;
    return { kind: "refused", refusal: { code, message, fields, members } };
  }
  const kind = failureKind(error);
  const { name, stack } = error instanceof Error ? error : new Error("what was thrown is no error");
  return { kind: kind === "busy" || kind === "away" ? kind : "failed", name, at: stack?.split("\n")[1]?.trim() ?? "" };
}
