import { HubProblem } from "@upline/hub/client";
import type { Database } from "./database.ts";
import { forgetSettled, settle, takeDue } from "./deliveries.ts";
import type { HubService } from "./hub-service.ts";
import type { Logger } from "./log.ts";
import type { DeliveryRow } from "./schema.ts";

const BATCH = 20;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 15 * 60_000;
/** A hint that old says nothing that a reconciliation has not found; what the law asks for is kept until it is done. */
const HINT_MS = 3 * 86_400_000;
const SETTLED_MS = 30 * 86_400_000;

export interface PassOnParts {
  readonly db: Database;
  readonly hub: HubService;
  readonly log: Logger;
}

/** Tells the hub what is due. True where there may be more. A hub that is away costs nothing but time. */
export async function passOnDue({ db, hub, log }: PassOnParts, now: Date = new Date()): Promise<boolean> {
  return db.transaction(async (tx) => {
    const due = await takeDue(tx, { now, limit: BATCH });
    for (const delivery of due) {
      const failure = await tell(hub, delivery);
      if (failure === null) {
        await settle(tx, delivery.deliveryNo, { outcome: "passed", said: null });
        continue;
      }
      const { shop, topic, attempts } = delivery;
      const tooOld = delivery.address === "hints" && now.getTime() - delivery.receivedAt.getTime() > HINT_MS;
      if (failure.isFinal || tooOld) {
        log.warn({ shop, topic, said: failure.said }, "the hub refused what a shop said");
        await settle(tx, delivery.deliveryNo, { outcome: "refused", said: failure.said });
        continue;
      }
      const wait = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempts, 12), LONGEST_RETRY_MS);
      await settle(tx, delivery.deliveryNo, { said: failure.said, nextAttemptAt: new Date(now.getTime() + wait) });
      // What is away for one is away for all: the rest waits its turn.
      if (failure.isAway) return false;
    }
    return due.length === BATCH;
  });
}

interface Failure {
  readonly said: string;
  readonly isFinal: boolean;
  readonly isAway: boolean;
}

async function tell(hub: HubService, delivery: DeliveryRow): Promise<Failure | null> {
  if (delivery.address === null) return { said: "nothing to tell", isFinal: true, isAway: false };
  try {
    await hub.tell(delivery.shop, delivery.address, delivery.body);
    return null;
  } catch (error) {
    if (!(error instanceof HubProblem)) throw error;
    const { status, message } = error;
    // A wrong service key is the operator's to mend, and what waits must outlast it.
    const passing = status === 0 || status >= 500 || status === 401 || status === 403 || status === 408 || status === 429;
    return { said: message, isFinal: !passing, isAway: passing && status !== 403 };
  }
}

/** Passes on whenever something came, and every few seconds. Ends with `stop`. */
export function startPassingOn(parts: PassOnParts): { wake(): void; stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> | null = null;
  let again = false;
  const round = async () => {
    try {
      while (!stopped && (await passOnDue(parts)));
    } catch (error) {
      parts.log.error(
        { error: error instanceof Error ? error.name : "unknown" },
        "what came could not be passed on; it is tried again",
      );
    }
  };
  const wake = () => {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    running = round().finally(() => {
      running = null;
      if (again) {
        again = false;
        wake();
      }
    });
  };
  const often = setInterval(wake, 5_000);
  const seldom = setInterval(() => {
    forgetSettled(parts.db, new Date(Date.now() - SETTLED_MS)).catch(() => parts.log.warn("old deliveries stay for now"));
  }, 3_600_000);
  wake();
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearInterval(often);
      clearInterval(seldom);
      await running;
    },
  };
}
