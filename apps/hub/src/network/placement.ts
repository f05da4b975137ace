import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, sqlState, type Tx } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { closedBehind } from "./closed-periods.ts";
import { GrowingTree, type PlaceReason } from "./growing-tree.ts";
import { readKnown } from "./import-queries.ts";
import {
  insertPlacementEdges,
  insertTree,
  listTrees,
  listWaiting,
  type PlacementEdge,
  readPlacementEdges,
  type TreeSettings,
} from "./placement-queries.ts";
import { Places } from "./places.ts";
import { findDistributorId, findDistributorNo } from "./queries.ts";

/**
 * Acts on placement trees. A place is decided once, by hand or by spillover, and stored; whoever is not
 * placed waits in the holding tank. Moves count from their date on, within the tree's window.
 */

export const DAY_MS = 86_400_000;
const FILL_BATCH = 100_000;

type Parts = Pick<HubParts, "db">;

export interface TreeAct {
  readonly companyId: number;
  readonly actor: string;
  readonly tree: string;
}

/** Adds a tree; its shape never changes. Whoever does not say where people may stand lets them stand anywhere. */
export async function addTree(
  parts: Parts,
  args: TreeAct & Omit<TreeSettings, "tree" | "within"> & Partial<Pick<TreeSettings, "within">>,
): Promise<void> {
  const { companyId, actor, ...given } = args;
  const tree = { ...given, within: given.within ?? "anywhere" };
  try {
    await asCompany(parts.db, companyId, async (tx) => {
      await insertTree(tx, companyId, tree);
      const { tree: subject, ...details } = tree;
      await insertAudit(tx, { companyId, actor, act: "placement.tree", subject, details });
    });
  } catch (error) {
    if (sqlState(error) === "23505")
      throw new HubError("conflict", `There is a tree "${args.tree}" already, and its shape never changes.`);
    if (sqlState(error) === "23514")
      throw refused(
        "tree",
        "A tree has a short name such as binary, a width of 2 to 100, a depth of 1 to 100 or none, and a window of 0 to 366 days.",
      );
    throw error;
  }
}

export interface PlaceRequest extends TreeAct {
  readonly distributorId: string;
  /** Under whom; absent is the sponsor, and null the top of the tree. */
  readonly parentId?: string | null | undefined;
  /** Absent: the first free place that the tree's spillover finds under the parent. */
  readonly leg?: number | undefined;
  /** From when on; absent is now. */
  readonly at?: Date | undefined;
}

export interface Placed {
  readonly distributorId: string;
  readonly parentId: string | null;
  readonly leg: number;
}

/** Places somebody out of the holding tank. */
export function placeDistributor(parts: Parts, args: PlaceRequest): Promise<Placed> {
  const { companyId, actor, distributorId } = args;
  const at = args.at ?? new Date();
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    await refuseClosed(tx, { companyId, at });
    const { settings, places } = await loadTree(tx, args);
    const known = await readKnown(tx, {
      companyId,
      distributorIds: [distributorId, ...(args.parentId ? [args.parentId] : [])],
      at,
    });
    const own = known.get(distributorId);
    if (own === undefined) throw refused("distributor_id", `There is no distributor "${distributorId}".`);
    const parentId = args.parentId === undefined ? own.sponsorId : args.parentId;
    const parent =
      parentId === null
        ? null
        : (known.get(parentId) ?? (await readKnown(tx, { companyId, distributorIds: [parentId], at })).get(parentId));
    if (parent === undefined) throw refused("parent_id", `There is no distributor "${parentId}".`);
    const no = own.distributorNo;
    const sponsorNo =
      own.sponsorId === null ? 0 : ((await findDistributorNo(tx, { companyId, distributorId: own.sponsorId })) ?? 0);
    const tree = new GrowingTree(places, settings, at.getTime());
    const place = tree.place(no, { parentNo: parent?.distributorNo ?? 0, sponsorNo, leg: args.leg });
    if (typeof place === "string") throw refusal(place, { distributorId, parentId, tree: args.tree });
    // From here on there are only writes.
    const version = await raiseDirectoryVersion(tx, companyId);
    const edge = { distributorNo: no, ...place, validFrom: at };
    await insertPlacementEdges(tx, { companyId, tree: args.tree, version, actor }, [edge]);
    const placed = {
      distributorId,
      parentId: await findDistributorId(tx, { companyId, distributorNo: edge.parentNo }),
      leg: edge.leg,
    };
    await insertAudit(tx, {
      companyId,
      actor,
      act: "placement.place",
      subject: distributorId,
      details: { tree: args.tree, parent: placed.parentId, leg: edge.leg, at: at.toISOString() },
    });
    return placed;
  });
}

/** Places everyone whose window in the holding tank is over, under the nearest sponsor who has a place; the earliest enrolled first. */
export async function placeWaiting(parts: Parts, args: TreeAct & { now: Date }): Promise<{ placed: number; waiting: number }> {
  const { companyId, actor, now } = args;
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const { settings, places } = await loadTree(tx, args);
    const tree = new GrowingTree(places, settings, now.getTime());
    const enrolledBefore = new Date(now.getTime() - settings.windowDays * DAY_MS);
    const due = await listWaiting(tx, { companyId, tree: args.tree, enrolledBefore, at: now, limit: FILL_BATCH });
    const sponsors = new Map(due.map((waiting) => [waiting.distributorNo, waiting.sponsorNo]));
    const edges: PlacementEdge[] = [];
    let open = [...due];
    // Whoever's sponsor waits as well comes in a later round.
    for (let before = -1; before !== edges.length && open.length > 0; ) {
      before = edges.length;
      const rest: typeof open = [];
      for (const waiting of open) {
        const no = waiting.distributorNo;
        const sponsor = sponsors.get(no) ?? 0;
        if (sponsor !== 0 && !tree.isThere(sponsor) && sponsors.has(sponsor)) {
          rest.push(waiting);
          continue;
        }
        const place = tree.place(no, { parentNo: sponsor, sponsorNo: sponsor });
        if (typeof place !== "string") edges.push({ distributorNo: no, ...place, validFrom: now });
      }
      open = rest;
    }
    if (edges.length > 0) {
      const version = await raiseDirectoryVersion(tx, companyId);
      await insertPlacementEdges(tx, { companyId, tree: args.tree, version, actor }, edges);
      await insertAudit(tx, { companyId, actor, act: "placement.fill", subject: args.tree, details: { placed: edges.length } });
    }
    return { placed: edges.length, waiting: due.length - edges.length };
  });
}

/** A tree with everybody's place in it, as it was decided so far. Throws HubError where there is none of that name. */
export async function loadTree(
  tx: Tx,
  args: Pick<TreeAct, "companyId" | "tree">,
): Promise<{ settings: TreeSettings; places: Places }> {
  const settings = await needTree(tx, args);
  const places = new Places();
  for (const { validFrom, ...place } of await readPlacementEdges(tx, args)) places.add({ ...place, from: validFrom.getTime() });
  return { settings, places };
}

/** A tree's shape. Throws HubError where there is none of that name. */
export async function needTree(tx: Tx, args: { companyId: number; tree: string }): Promise<TreeSettings> {
  const trees = await listTrees(tx, args.companyId);
  const settings = trees.find((settings) => settings.tree === args.tree);
  if (settings !== undefined) return settings;
  const names = trees.map((settings) => settings.tree).join(", ");
  throw new HubError(
    "not-found",
    `There is no placement tree "${args.tree}": ${names === "" ? "add one first" : `there is ${names}`}.`,
  );
}

/** Throws HubError where a close has counted, or is about to, who stood where at that time. */
async function refuseClosed(tx: Tx, args: { companyId: number; at: Date }): Promise<void> {
  const last = await closedBehind(tx, args);
  if (last !== null) throw refused("at", closedSentence(last));
}

/** What is dated into a closed period would never be paid by. */
export const closedSentence = ({ name, endsAt }: { readonly name: string; readonly endsAt: Date }): string =>
  `The period ${name} is closed, or about to be, and counts who stands where until ${endsAt.toISOString()}: choose that moment or a later one.`;

function refusal(reason: Sentenced, subject: Parameters<typeof placeRefusal>[1]): HubError {
  const { field, sentence } = placeRefusal(reason, subject);
  return refused(field, sentence);
}

type Sentenced = PlaceReason | "not-placed" | "cycle";

/** Why somebody cannot stand where they were to stand, and what would do. */
export function placeRefusal(
  reason: Sentenced,
  subject: { readonly distributorId: string; readonly parentId: string | null; readonly tree: string },
): { field: string; sentence: string } {
  const { distributorId, parentId, tree } = subject;
  const sentences: Record<Sentenced, [path: string, text: string]> = {
    "already-placed": ["distributor_id", `"${distributorId}" has a place in "${tree}" already: move it instead`],
    "not-placed": ["distributor_id", `"${distributorId}" has no place in "${tree}" yet: place it first`],
    "unknown-parent": ["parent_id", `"${parentId ?? "the top"}" has no place in "${tree}": choose somebody who has`],
    "parent-placed-later": [
      "parent_id",
      `"${parentId}" has a place in "${tree}" from later on: choose a later moment, or another parent`,
    ],
    "leg-taken": ["leg", `that leg of "${parentId}" is taken, then or later: choose a free one, or leave it to spillover`],
    "no-such-leg": ["leg", `"${tree}" has no such leg: legs are numbered from 0`],
    cycle: [
      "parent_id",
      `"${parentId}" stands below "${distributorId}": nobody stands below themselves, so choose somebody outside of their line`,
    ],
    "outside-line": [
      "parent_id",
      `in "${tree}" everybody stands below their own sponsor, and "${parentId ?? "the top"}" is not below the one of "${distributorId}": choose the sponsor, or somebody below them`,
    ],
    "no-free-place": ["parent_id", `no place is free under "${parentId}" within the depth of "${tree}"`],
  };
  const [path, text] = sentences[reason];
  return { field: path, sentence: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
}
