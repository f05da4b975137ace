import { NOBODY } from "@upline/core";
import { type PlacementOutcome, PlacementTree } from "@upline/core/engine";
import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, sqlState, type Tx } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { closedBehind } from "./closed-periods.ts";
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
  return change(parts, args, ({ tree, settings, no, parentNo, sponsorNo, at }) => {
    if (isOutsideLine(settings, { sponsorNo, parentNo, upline: () => tree.uplineAsOf(parentNo, at) }))
      return { kind: "refused", reason: "outside-line" };
    if (parentNo === 0) return tree.plant(no, at);
    return args.leg === undefined ? tree.place(no, parentNo, settings.spillover, at) : tree.placeAt(no, parentNo, args.leg, at);
  });
}

interface Change {
  readonly tree: PlacementTree;
  readonly settings: TreeSettings;
  readonly no: number;
  /** 0 is the top of the tree. */
  readonly parentNo: number;
  /** 0 is the company. */
  readonly sponsorNo: number;
  readonly at: number;
}

type Decision = PlacementOutcome | { readonly kind: "refused"; readonly reason: PlaceReason };

function change(parts: Parts, args: PlaceRequest, decide: (change: Change) => Decision): Promise<Placed> {
  const { companyId, actor, distributorId } = args;
  const at = args.at ?? new Date();
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    await refuseClosed(tx, { companyId, at });
    const { settings, tree } = await loadTree(tx, args);
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
    const outcome = decide({ tree, settings, no, parentNo: parent?.distributorNo ?? 0, sponsorNo, at: at.getTime() });
    if (outcome.kind === "refused") throw refusal(outcome.reason, { distributorId, parentId, tree: args.tree });
    // From here on there are only writes.
    const version = await raiseDirectoryVersion(tx, companyId);
    const edge = { distributorNo: no, parentNo: Math.max(0, outcome.parent), leg: outcome.leg, validFrom: at };
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
    const { settings, tree } = await loadTree(tx, args);
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
        if (sponsor !== 0 && tree.placeAsOf(sponsor, now.getTime()) === null && sponsors.has(sponsor)) {
          rest.push(waiting);
          continue;
        }
        const outcome =
          sponsor === 0 ? tree.plant(no, now.getTime()) : tree.place(no, sponsor, settings.spillover, now.getTime());
        if (outcome.kind === "placed")
          edges.push({ distributorNo: no, parentNo: Math.max(0, outcome.parent), leg: outcome.leg, validFrom: now });
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
  args: TreeAct,
): Promise<{ settings: TreeSettings; edges: PlacementEdge[]; tree: PlacementTree }> {
  const settings = await needTree(tx, args);
  const edges = await readPlacementEdges(tx, args);
  const tree = new PlacementTree({ width: settings.width, ...(settings.depth === null ? {} : { depth: settings.depth }) });
  const placed = new Set<number>();
  for (const edge of edges) {
    const outcome = replay(tree, edge, placed.has(edge.distributorNo));
    if (outcome.kind === "refused") throw new Error(`a stored place cannot be taken again: ${outcome.reason}`);
    placed.add(edge.distributorNo);
  }
  return { settings, edges, tree };
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

function replay(tree: PlacementTree, edge: PlacementEdge, again: boolean): PlacementOutcome {
  const at = edge.validFrom.getTime();
  const parent = edge.parentNo === 0 ? NOBODY : edge.parentNo;
  if (again) return tree.move(edge.distributorNo, parent, edge.leg, at);
  return parent === NOBODY ? tree.plant(edge.distributorNo, at) : tree.placeAt(edge.distributorNo, parent, edge.leg, at);
}

export type PlaceReason = Extract<PlacementOutcome, { kind: "refused" }>["reason"] | "outside-line";

/**
 * Whether a tree lets people stand below their own sponsor only, and this parent (0 is the top) does not. Everybody is below the company,
 * which is 0. `upline` is who stands above the parent in the tree.
 */
export function isOutsideLine(
  { within }: TreeSettings,
  { sponsorNo, parentNo, upline }: { sponsorNo: number; parentNo: number; upline: () => readonly number[] },
): boolean {
  return within === "sponsor-line" && sponsorNo !== 0 && parentNo !== sponsorNo && !upline().includes(sponsorNo);
}

/** Throws HubError where a close has counted, or is about to, who stood where at that time. */
async function refuseClosed(tx: Tx, args: { companyId: number; at: Date }): Promise<void> {
  const last = await closedBehind(tx, args);
  if (last !== null) throw refused("at", closedSentence(last));
}

/** What is dated into a closed period would never be paid by. */
export const closedSentence = ({ name, endsAt }: { readonly name: string; readonly endsAt: Date }): string =>
  `The period ${name} is closed, or about to be, and counts who stands where until ${endsAt.toISOString()}: choose that moment or a later one.`;

function refusal(reason: PlaceReason, subject: Parameters<typeof placeRefusal>[1]): HubError {
  const { field, sentence } = placeRefusal(reason, subject);
  return refused(field, sentence);
}

/** Why somebody cannot stand where they were to stand, and what would do. */
export function placeRefusal(
  reason: PlaceReason,
  subject: { readonly distributorId: string; readonly parentId: string | null; readonly tree: string },
): { field: string; sentence: string } {
  const { distributorId, parentId, tree } = subject;
  const sentences: Record<PlaceReason, [path: string, text: string]> = {
    "already-placed": ["distributor_id", `"${distributorId}" has a place in "${tree}" already: move it instead`],
    "not-placed": ["distributor_id", `"${distributorId}" has no place in "${tree}" yet: place it first`],
    "unknown-parent": ["parent_id", `"${parentId ?? "the top"}" has no place in "${tree}": choose somebody who has`],
    "leg-taken": ["leg", `that leg of "${parentId}" is taken: choose a free one, or leave it to spillover`],
    "no-such-leg": ["leg", `"${tree}" has no such leg: legs are numbered from 0`],
    cycle: [
      "parent_id",
      `"${parentId}" stands below "${distributorId}": nobody stands below themselves, so choose somebody outside of their line`,
    ],
    "before-latest-move": ["at", `"${distributorId}" was placed or moved as of a later date: choose a date after that`],
    "outside-line": [
      "parent_id",
      `in "${tree}" everybody stands below their own sponsor, and "${parentId ?? "the top"}" is not below the one of "${distributorId}": choose the sponsor, or somebody below them`,
    ],
    "no-free-place": ["parent_id", `no place is free under "${parentId}" within the depth of "${tree}"`],
  };
  const [path, text] = sentences[reason];
  return { field: path, sentence: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
}
