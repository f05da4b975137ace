import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import { type FieldError, HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { GrowingTree, type Spot } from "./growing-tree.ts";
import type { NetworkWithin } from "./move.ts";
import type { Network } from "./network.ts";
import { needTree, placeRefusal } from "./placement.ts";
import { insertPlacementEdges, type TreeSettings } from "./placement-queries.ts";

/**
 * Places several people out of the holding tank at once, all of them or nobody, from now on. Where they land is told before; the network
 * in memory says who stands where, so that a look costs no reading of the tree.
 */

export interface WantedPlace {
  readonly distributorId: string;
  /** Under whom; absent is the sponsor, and null the top of the tree. */
  readonly parentId?: string | null | undefined;
  /** From 0; absent: the first free place that the tree's spillover finds under the parent. */
  readonly leg?: number | undefined;
}

export interface JudgedPlace {
  readonly distributorId: string;
  /** Null where nobody has this id. */
  readonly no: number | null;
  /** The sponsor now; 0 is the company. */
  readonly sponsorNo: number;
  /** Where they land, 0 is the top of the tree; null where they cannot be placed. */
  readonly place: Spot | null;
  readonly refusal: { readonly field: string; readonly sentence: string } | null;
}

/** Judges each in the order given, but sponsors before whom they sponsor, as each place takes one from those that follow. */
export function judgePlaces(
  network: Network,
  settings: TreeSettings,
  { wanted, at }: { readonly wanted: readonly WantedPlace[]; readonly at: number },
): JudgedPlace[] {
  const tree = new GrowingTree(network.placesOf(settings.tree), settings, at);
  const judged = new Map<WantedPlace, JudgedPlace>();
  let waiting = [...wanted];
  for (let before = -1; before !== waiting.length && waiting.length > 0; ) {
    before = waiting.length;
    const open = new Set(waiting.map(({ distributorId }) => network.numberOf(distributorId)));
    waiting = waiting.filter((one) => {
      const parent = parentOf(network, one, at);
      if (parent !== null && parent !== 0 && !tree.has(parent) && open.has(parent)) return true;
      judged.set(one, judgePlace(network, { settings, tree, at }, one));
      open.delete(network.numberOf(one.distributorId));
      return false;
    });
  }
  // Who is to stand below each other: told as if the others were not there.
  for (const one of waiting) judged.set(one, judgePlace(network, { settings, tree, at }, one));
  return wanted.map((one) => judged.get(one) as JudgedPlace);
}

/** By number; null where nobody has the id. */
function parentOf(network: Network, { distributorId, parentId }: WantedPlace, at: number): number | null {
  if (parentId === null) return 0;
  if (parentId !== undefined) return network.numberOf(parentId);
  const no = network.numberOf(distributorId);
  return no === null ? null : Math.max(0, network.tree.sponsorAsOf(no, at));
}

function judgePlace(
  network: Network,
  { settings, tree, at }: { settings: TreeSettings; tree: GrowingTree; at: number },
  wanted: WantedPlace,
): JudgedPlace {
  const { distributorId } = wanted;
  const no = network.numberOf(distributorId);
  const parentNo = parentOf(network, wanted, at);
  const sponsorNo = no === null ? 0 : Math.max(0, network.tree.sponsorAsOf(no, at));
  const refuse = (refusal: JudgedPlace["refusal"]): JudgedPlace => ({ distributorId, no, sponsorNo, place: null, refusal });
  if (no === null) return refuse({ field: "distributor_id", sentence: `There is no distributor "${distributorId}".` });
  if (parentNo === null) return refuse({ field: "parent_id", sentence: `There is no distributor "${wanted.parentId}".` });
  const place = tree.place(no, { parentNo, sponsorNo, leg: wanted.leg });
  if (typeof place === "string")
    return refuse(placeRefusal(place, { distributorId, parentId: network.idOf(parentNo), tree: settings.tree }));
  return { distributorId, no, sponsorNo, place, refusal: null };
}

/** Places all of them from now on, or nobody. Throws HubError with each that cannot be placed, by its place in the list. */
export function placeSeveral(
  { db, networks }: Pick<HubParts, "db"> & { readonly networks: NetworkWithin },
  args: { readonly companyId: number; readonly actor: string; readonly tree: string; readonly wanted: readonly WantedPlace[] },
): Promise<JudgedPlace[]> {
  const { companyId, actor, tree, wanted } = args;
  return retryPassing(async () => {
    await networks.ready(companyId);
    return asCompany(db, companyId, async (tx) => {
      await lockCompany(tx, companyId);
      const settings = await needTree(tx, { companyId, tree });
      const network = await networks.current(tx, companyId);
      const now = new Date();
      const judged = judgePlaces(network, settings, { wanted, at: now.getTime() });
      refuseAll(judged);
      // From here on there are only writes.
      const version = await raiseDirectoryVersion(tx, companyId);
      const edges = judged.flatMap(({ no, place }) =>
        no === null || place === null ? [] : [{ distributorNo: no, ...place, validFrom: now }],
      );
      await insertPlacementEdges(tx, { companyId, tree, version, actor }, inOrder(edges));
      for (const { distributorId, place } of judged) {
        const details = { tree, parent: network.idOf(place?.parentNo ?? 0), leg: place?.leg ?? 0, at: now.toISOString() };
        await insertAudit(tx, { companyId, actor, act: "placement.place", subject: distributorId, details });
      }
      return judged;
    });
  });
}

function refuseAll(judged: readonly JudgedPlace[]): void {
  const fields = judged.flatMap(({ refusal }, index): FieldError[] =>
    refusal === null ? [] : [{ path: `places.${index}.${refusal.field}`, message: refusal.sentence }],
  );
  if (fields.length === 0) return;
  const detail = `${fields.length} of ${judged.length} cannot be placed, so nobody was: correct them, or leave them out.`;
  throw new HubError("unprocessable", detail, { fields });
}

/** A parent's place is read before those below it. */
function inOrder<Edge extends { readonly distributorNo: number; readonly parentNo: number }>(edges: readonly Edge[]): Edge[] {
  const waiting = new Map(edges.map((edge) => [edge.distributorNo, edge]));
  const ordered: Edge[] = [];
  const take = (edge: Edge): void => {
    if (!waiting.delete(edge.distributorNo)) return;
    const parent = waiting.get(edge.parentNo);
    if (parent !== undefined) take(parent);
    ordered.push(edge);
  };
  for (const edge of edges) take(edge);
  return ordered;
}
