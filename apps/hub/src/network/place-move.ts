import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { closedBehind } from "./closed-periods.ts";
import { isOutsideLine, type Spot } from "./growing-tree.ts";
import type { NetworkWithin } from "./move.ts";
import type { Network } from "./network.ts";
import { closedSentence, DAY_MS, needTree, type Placed, placeRefusal } from "./placement.ts";
import { insertPlacementEdges, type TreeSettings } from "./placement-queries.ts";
import type { Places } from "./places.ts";

/**
 * Moves of one placed person, with everyone below in the tree, to another leg from a moment on. What would be refused is told before it
 * is tried, with what would put it right; it is judged by the network in memory, and once more under the company's lock.
 */

export interface PlaceMoveAsked {
  readonly companyId: number;
  readonly tree: string;
  readonly distributorId: string;
  readonly parentId: string | null;
  readonly leg: number;
  readonly at: Date;
}

export const PLACE_MOVE_REFUSALS = [
  "unknown-parent",
  "not-placed",
  "top",
  "no-such-leg",
  "same-place",
  "closed-period",
  "window-over",
  "before-latest-move",
  "parent-placed-later",
  "circle",
  "outside-line",
  "leg-taken",
] as const;

export interface PlaceMoveRefusal {
  readonly field: "distributor_id" | "parent_id" | "leg" | "at";
  readonly reason: (typeof PLACE_MOVE_REFUSALS)[number];
  /** What is wrong, and what would put it right. */
  readonly sentence: string;
  /** The first moment at which this would not stand in the way; null where no date helps. */
  readonly earliest: Date | null;
  /** The closed period that stands in the way. */
  readonly period: string | null;
  /** Of a circle: from whoever moves down to the new parent, by number. */
  readonly path: readonly number[];
  /** Who stands on the leg. */
  readonly takenBy: number | null;
}

export interface JudgedPlaceMove extends PlaceMoveAsked {
  readonly no: number;
  /** Where they stand at that time; null where they wait for a place. */
  readonly from: Spot | null;
  /** The new parent; null where there is nobody of this id. */
  readonly to: number | null;
  readonly refusal: PlaceMoveRefusal | null;
}

interface Move extends Omit<JudgedPlaceMove, "refusal" | "to"> {
  readonly to: number;
  readonly settings: TreeSettings;
  readonly network: Network;
  readonly places: Places;
}

/** Judges a move, and changes nothing. Throws HubError where there is no such tree, or where whoever is to move is not there. */
export async function judgePlaceMove(tx: Tx, network: Network, asked: PlaceMoveAsked): Promise<JudgedPlaceMove> {
  const settings = await needTree(tx, asked);
  const no = network.numberOf(asked.distributorId);
  if (no === null) throw new HubError("not-found", "There is no such distributor.");
  const places = network.placesOf(asked.tree);
  const from = places?.placeAsOf(no, asked.at.getTime()) ?? null;
  const to = asked.parentId === null ? 0 : network.numberOf(asked.parentId);
  const judged = { ...asked, no, from, to };
  if (to === null) {
    const sentence = `No distributor of this company has the id "${asked.parentId}": choose another.`;
    return { ...judged, refusal: refuse("parent_id", "unknown-parent", sentence) };
  }
  if (places === null || places.placedFrom(no) === null)
    return { ...judged, refusal: refuse("distributor_id", "not-placed", placeRefusal("not-placed", asked).sentence) };
  const move = { ...judged, to, settings, network, places };
  const refusal = refusalByPlace(move) ?? (await refusalByPeriod(tx, asked)) ?? refusalByDate(move) ?? refusalByTree(move);
  return { ...judged, refusal };
}

const NO_HELP = { earliest: null, period: null, path: [], takenBy: null } as const;
function refuse(
  field: PlaceMoveRefusal["field"],
  reason: PlaceMoveRefusal["reason"],
  sentence: string,
  help: Partial<PlaceMoveRefusal> = {},
): PlaceMoveRefusal {
  return { ...NO_HELP, field, reason, sentence, ...help };
}

/** What is wrong whatever the day. */
function refusalByPlace(move: Move): PlaceMoveRefusal | null {
  const { to, from, leg, settings, places, distributorId, parentId } = move;
  if (to === 0) return refuse("parent_id", "top", "Nobody is moved to the top of a tree: choose somebody who has a place in it.");
  if (places.placedFrom(to) === null) return refuse("parent_id", "unknown-parent", placeRefusal("unknown-parent", move).sentence);
  if (leg >= settings.width) return refuse("leg", "no-such-leg", placeRefusal("no-such-leg", move).sentence);
  if (from?.parentNo !== to || from.leg !== leg) return null;
  const sentence = `"${distributorId}" stands on that leg of "${parentId}" already: choose another one, or leave it.`;
  return refuse("leg", "same-place", sentence);
}

/** A close has counted who stood where just before its end. */
async function refusalByPeriod(tx: Tx, asked: PlaceMoveAsked): Promise<PlaceMoveRefusal | null> {
  const last = await closedBehind(tx, asked);
  return last && refuse("at", "closed-period", closedSentence(last), { earliest: last.endsAt, period: last.name });
}

function refusalByDate({ no, to, at, settings, places, distributorId, parentId }: Move): PlaceMoveRefusal | null {
  const own = places.placedFrom(no);
  const above = places.placedFrom(to);
  if (own === null || above === null) throw new Error("whoever has no place was refused before");
  const isoOf = (time: number) => new Date(time).toISOString();
  if (at.getTime() <= own.latest) {
    const sentence = `"${distributorId}" was placed or moved as of ${isoOf(own.latest)}: choose a later moment.`;
    return refuse("at", "before-latest-move", sentence, { earliest: new Date(own.latest + 1) });
  }
  const { windowDays } = settings;
  if (at.getTime() > own.first + windowDays * DAY_MS) {
    const sentence = `The window of ${windowDays} days for moving "${distributorId}" ended at ${isoOf(own.first + windowDays * DAY_MS)}: a place is kept from then on.`;
    return refuse("at", "window-over", sentence);
  }
  if (at.getTime() >= above.first) return null;
  const sentence = `"${parentId}" has a place from ${isoOf(above.first)} on: choose that moment or a later one, or another parent.`;
  return refuse("at", "parent-placed-later", sentence, { earliest: new Date(above.first) });
}

function refusalByTree(move: Move): PlaceMoveRefusal | null {
  const { no, to, leg, settings, network, places, parentId } = move;
  const at = move.at.getTime();
  if (places.standsAboveFrom(no, to, at)) {
    const upline = places.uplineAsOf(to, at);
    const path = to === no ? [no] : [to, ...upline.slice(0, upline.indexOf(no) + 1)].reverse();
    return refuse("parent_id", "circle", placeRefusal("cycle", move).sentence, { path });
  }
  const sponsorNo = Math.max(0, network.tree.sponsorAsOf(no, at));
  if (isOutsideLine(settings, { sponsorNo, parentNo: to, uplines: () => places.uplinesFrom(to, at) }))
    return refuse("parent_id", "outside-line", placeRefusal("outside-line", move).sentence);
  const lost = takenOutOfLine(move);
  if (lost !== null) return refuse("parent_id", "outside-line", lostSentence(move, lost));
  const taken = places.takenFrom(to, leg, { at, but: no });
  if (taken === null) return null;
  const earliest = Number.isFinite(taken.until) ? new Date(taken.until) : null;
  const help = earliest === null ? "choose a free one" : `choose a free one, or ${earliest.toISOString()} or a later moment`;
  const sentence = `That leg of "${parentId}" is taken by "${network.needIdOf(taken.no)}": ${help}.`;
  return refuse("leg", "leg-taken", sentence, { earliest, takenBy: taken.no });
}

/** Who of those who move along would not stand below their own sponsor any more, and does now; null where nobody, or where the tree allows it. */
function takenOutOfLine({ no, to, at: when, settings, network, places }: Move): { no: number; sponsorNo: number } | null {
  if (settings.within !== "sponsor-line") return null;
  const at = when.getTime();
  const after = places.momentsAbove(to, at);
  const isLost = (member: number, sponsorNo: number) =>
    [...after, ...places.momentsAbove(member, at)].some((moment) => {
      const upline = places.uplineAsOf(member, moment);
      const place = upline.indexOf(no);
      // Whoever stands between the two moves along.
      if (place < 0 || upline.indexOf(sponsorNo) <= place) return false;
      return sponsorNo !== to && !places.uplineAsOf(to, moment).includes(sponsorNo);
    });
  const above = new Set(places.uplinesFrom(no, at).flat());
  for (const member of places.membersFrom(no, at)) {
    const sponsorNo = network.tree.sponsorAsOf(member, at);
    if (above.has(sponsorNo) && isLost(member, sponsorNo)) return { no: member, sponsorNo };
  }
  return null;
}

function lostSentence({ tree, network, distributorId }: Move, lost: { no: number; sponsorNo: number }): string {
  const [member, sponsor] = [network.needIdOf(lost.no), network.needIdOf(lost.sponsorNo)];
  return `In "${tree}" everybody stands below their own sponsor, and "${member}", who moves along with "${distributorId}", would not be below "${sponsor}" any more: choose a place below "${sponsor}".`;
}

/** Moves somebody; the same is judged again under the company's lock. Throws HubError with what stands in the way. */
export function moveDistributor(
  { db, networks }: Pick<HubParts, "db"> & { readonly networks: NetworkWithin },
  asked: Omit<PlaceMoveAsked, "at"> & {
    readonly at?: Date | undefined;
    readonly actor: string;
    readonly reason?: string | undefined;
  },
): Promise<Placed> {
  const { companyId, actor, reason, at = new Date(), ...move } = asked;
  return retryPassing(async () => {
    await networks.ready(companyId);
    return asCompany(db, companyId, async (tx) => {
      await lockCompany(tx, companyId);
      const network = await networks.current(tx, companyId);
      const { no, from, to, refusal } = await judgePlaceMove(tx, network, { companyId, at, ...move });
      if (refusal !== null || to === null) throw refusedMove(refusal);
      // From here on there are only writes.
      const version = await raiseDirectoryVersion(tx, companyId);
      const edge = { distributorNo: no, parentNo: to, leg: move.leg, validFrom: at };
      await insertPlacementEdges(tx, { companyId, tree: move.tree, version, actor }, [edge]);
      const before = { parent: network.idOf(from?.parentNo ?? 0), leg: from?.leg ?? 0 };
      const details = { tree: move.tree, parent: move.parentId, leg: move.leg, at: at.toISOString(), from: before };
      const why = reason === undefined ? {} : { reason };
      await insertAudit(tx, {
        ...{ companyId, actor, act: "placement.move", subject: move.distributorId },
        details: { ...details, ...why },
      });
      return { distributorId: move.distributorId, parentId: move.parentId, leg: move.leg };
    });
  });
}

function refusedMove(refusal: PlaceMoveRefusal | null): HubError {
  if (refusal === null) throw new Error("a move without a parent was not refused");
  const { field, sentence } = refusal;
  return new HubError("unprocessable", sentence, { fields: [{ path: field, message: sentence }] });
}
