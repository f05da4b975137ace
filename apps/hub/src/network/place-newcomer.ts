import { raiseDirectoryVersion } from "../companies/directory.ts";
import { insertAudit } from "../db/audit.ts";
import type { Tx } from "../db/connect.ts";
import { GrowingTree } from "./growing-tree.ts";
import { loadTree } from "./placement.ts";
import { insertPlacementEdges, listTrees } from "./placement-queries.ts";
import { findDistributorNo } from "./queries.ts";

/**
 * Gives somebody who just enrolled a place in each tree that lets nobody wait, where its spillover finds one under the sponsor. In trees
 * with a window, and where no place is free, they wait in the holding tank. Takes a transaction that holds the company's lock. Answers
 * the trees that they were placed in.
 */
export async function placeNewcomer(
  tx: Tx,
  args: { companyId: number; actor: string; distributorId: string; sponsorNo: number; at: Date },
): Promise<string[]> {
  const { companyId, actor, distributorId, sponsorNo, at } = args;
  const distributorNo = await findDistributorNo(tx, { companyId, distributorId });
  if (distributorNo === null) throw new Error("a newcomer is enrolled before they are placed");
  const placed: string[] = [];
  for (const { tree: name, windowDays } of await listTrees(tx, companyId)) {
    if (windowDays > 0) continue;
    const { settings, places } = await loadTree(tx, { companyId, tree: name });
    const place = new GrowingTree(places, settings, at.getTime()).place(distributorNo, { parentNo: sponsorNo, sponsorNo });
    if (typeof place === "string") continue;
    const version = await raiseDirectoryVersion(tx, companyId);
    const edge = { distributorNo, ...place, validFrom: at };
    await insertPlacementEdges(tx, { companyId, tree: name, version, actor }, [edge]);
    const details = { tree: name, parent_no: edge.parentNo, leg: edge.leg, at: at.toISOString() };
    await insertAudit(tx, { companyId, actor, act: "placement.place", subject: distributorId, details });
    placed.push(name);
  }
  return placed;
}
