import { type Candidate, inEnglish } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { outcomeReason } from "./attribution-shape.ts";
import type { Directory } from "./directory.ts";
import { chosenOf, HUB, judgeEvidence } from "./owner.ts";
import type { PipelineContext } from "./pipeline.ts";
import { listOrders, readRevisions } from "./queries.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";
import type { OrderKey } from "./writes.ts";

/** Whom the hub credits with an order, as its shop asks: on the order's screen, beside what the shop says. */
export interface Credit {
  /** `pending`: the hub has not heard of the order yet. */
  readonly state: "credited" | "nobody" | "unresolved" | "pending";
  /** As the order names them where it does, else the distributor's id. */
  readonly code: string | null;
  readonly distributorId: string | null;
  /** A sentence where the hub does not say what the shop says. */
  readonly reason: string | null;
}

export async function creditOf(context: PipelineContext, tx: Tx, key: OrderKey & { companyId: number }): Promise<Credit> {
  const { companyId } = key;
  const [order] = await listOrders(tx, { ...key, limit: 1 });
  const [newest] = order ? await readRevisions(tx, { companyId, orderNo: order.orderNo, limit: 1 }) : [];
  if (newest === undefined) return { state: "pending", code: null, distributorId: null, reason: null };
  return creditBy(readSnapshot(newest.snapshot), await context.directories.current(tx, companyId));
}

function creditBy(snapshot: Snapshot, directory: Directory): Credit {
  const { distributorId, unresolved, candidates } = snapshot.locked.attribution;
  const reason = reasonOf(snapshot, directory);
  if (distributorId === null) return { state: unresolved ? "unresolved" : "nobody", code: null, distributorId, reason };
  const chosen = chosenOf(snapshot.locked.attribution);
  const named =
    chosen && chosen.where !== HUB
      ? chosen
      : candidates.find((candidate) => candidate.where !== HUB && candidate.distributorId === distributorId);
  return { state: "credited", code: named?.code ?? distributorId, distributorId, reason };
}

function reasonOf({ state, locked }: Snapshot, directory: Directory): string | null {
  const { distributorId, unresolved, candidates } = locked.attribution;
  if (candidates.some(({ outcome }) => outcome === "period-closed"))
    return "It was changed here after the order's period was closed: an administrator of the hub has to decide.";
  const chosen = chosenOf(locked.attribution);
  if (chosen?.where === HUB) return "An administrator of the hub decided it.";
  if (distributorId === null) return unresolved ? whyUnresolved(candidates) : null;
  if (chosen === undefined) return "No code came with the order, and its buyer is this distributor: an own purchase.";
  if (chosen.source === "manual") return null;
  const now = judgeEvidence(state, directory).distributorId;
  return now === null || now === distributorId
    ? null
    : `The hub keeps the code that it saw first on the order, "${chosen.code}".`;
}

function whyUnresolved(candidates: readonly Candidate[]): string | null {
  const failed = candidates.find(({ outcome }) => outcome !== "not-a-referral-code" && outcome !== "declined");
  return failed === undefined ? null : `"${failed.code}": ${inEnglish(outcomeReason(failed.outcome))}.`;
}
