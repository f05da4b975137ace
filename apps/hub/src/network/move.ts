import { NOBODY } from "@upline/core";
import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { closedBehind } from "./closed-periods.ts";
import { NOTHING, writeNetwork } from "./import-queries.ts";
import type { Network } from "./network.ts";

/**
 * Moves of one distributor, with everyone below, to another sponsor from a day on: an audited correction. What would be refused is
 * told before it is tried, with what would put it right.
 */

export interface MoveAsked {
  readonly companyId: number;
  readonly distributorId: string;
  /** Null: directly under the company. */
  readonly sponsorId: string | null;
  readonly at: Date;
}

export const MOVE_REFUSALS = [
  "unknown-sponsor",
  "themselves",
  "same-sponsor",
  "before-enrolment",
  "before-sponsor-enrolled",
  "closed-period",
  "before-latest-move",
  "circle",
] as const;

export interface MoveRefusal {
  readonly field: "sponsor_id" | "at";
  readonly reason: (typeof MOVE_REFUSALS)[number];
  /** What is wrong, and what would put it right. */
  readonly sentence: string;
  /** The first moment at which this would not stand in the way; null where no date helps. */
  readonly earliest: Date | null;
  /** The closed period that stands in the way. */
  readonly period: string | null;
  /** Of a circle: from whoever moves down to the new sponsor, by number. */
  readonly path: readonly number[];
}

export interface JudgedMove extends MoveAsked {
  readonly no: number;
  /** The sponsor at that time, by number; 0 is the company. */
  readonly from: number;
  /** The new one; null where there is no such distributor. */
  readonly to: number | null;
  readonly refusal: MoveRefusal | null;
}

/** A company's network in memory, inside of a transaction: at the version that the transaction sees. */
export interface NetworkWithin {
  ready(companyId: number): Promise<void>;
  current(tx: Tx, companyId: number): Promise<Network>;
}

/** Judges a move, and changes nothing. Throws HubError where whoever is to move is not there. */
export async function judgeMove(tx: Tx, network: Network, asked: MoveAsked): Promise<JudgedMove> {
  const no = network.numberOf(asked.distributorId);
  if (no === null) throw new HubError("not-found", "There is no such distributor.");
  const to = asked.sponsorId === null ? 0 : network.numberOf(asked.sponsorId);
  const from = Math.max(0, network.tree.sponsorAsOf(no, asked.at.getTime()));
  const move = { ...asked, no, from, to };
  const refusal = refusalByPeople(network, move) ?? (await refusalByPeriod(tx, asked));
  return { ...move, refusal: refusal ?? refusalByTree(network, move) };
}

type Move = Omit<JudgedMove, "refusal">;
const NO_HELP = { earliest: null, period: null, path: [] } as const;
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

function refusalByPeople(network: Network, { no, from, to, at, distributorId, sponsorId }: Move): MoveRefusal | null {
  const sponsor = (reason: MoveRefusal["reason"], sentence: string): MoveRefusal => ({
    ...{ field: "sponsor_id", reason, sentence },
    ...NO_HELP,
  });
  if (to === null)
    return sponsor("unknown-sponsor", `sponsor_id: no distributor of this company has the id "${sponsorId}": choose another.`);
  if (to === no) return sponsor("themselves", "sponsor_id: nobody sponsors themselves: choose somebody else.");
  const [enrolled, theirs] = [no, to].map((each) => new Date(each === 0 ? 0 : network.enrolledAtOf(each))) as [Date, Date];
  if (at < enrolled) {
    const sentence = `at: "${distributorId}" enrolled on ${dayOf(enrolled)}: choose that day or a later one.`;
    return { ...NO_HELP, field: "at", reason: "before-enrolment", sentence, earliest: enrolled };
  }
  if (at < theirs) {
    const sentence = `at: "${sponsorId}" enrolled on ${dayOf(theirs)}: choose that day or a later one, or another sponsor.`;
    return { ...NO_HELP, field: "at", reason: "before-sponsor-enrolled", sentence, earliest: theirs };
  }
  if (to !== from) return null;
  return sponsor("same-sponsor", "sponsor_id: this is the sponsor on that day already: choose another one, or leave it.");
}

/** A close has counted who stood where just before its end: whatever begins before that would never be paid by. */
async function refusalByPeriod(tx: Tx, { companyId, at }: MoveAsked): Promise<MoveRefusal | null> {
  const last = await closedBehind(tx, { companyId, at });
  if (last === null) return null;
  const sentence = `at: the period ${last.name} is closed, or about to be, and counts who stands where until ${last.endsAt.toISOString()}: choose that moment or a later one.`;
  return { ...NO_HELP, field: "at", reason: "closed-period", sentence, earliest: last.endsAt, period: last.name };
}

function refusalByTree(network: Network, { no, to, at, distributorId, sponsorId }: Move): MoveRefusal | null {
  const { tree } = network;
  const outcome = tree.judgeMove(no, to === null || to === 0 ? NOBODY : to, at.getTime());
  if (outcome.kind === "done") return null;
  if (outcome.reason === "before-latest-move") {
    const earliest = new Date(tree.latestMoveOf(no) + 1);
    const sentence = `at: "${distributorId}" was moved as of ${new Date(tree.latestMoveOf(no)).toISOString()} already: choose a later moment.`;
    return { ...NO_HELP, field: "at", reason: "before-latest-move", sentence, earliest };
  }
  const upline = network.uplineAt(to ?? 0, at.getTime());
  const reached = upline.indexOf(no);
  const path = reached < 0 ? [] : [to ?? 0, ...upline.slice(0, reached + 1)].reverse();
  const sentence = `sponsor_id: "${sponsorId}" stands below "${distributorId}", or will: nobody is sponsored by their own downline. Choose somebody else, or move "${sponsorId}" out first.`;
  return { ...NO_HELP, field: "sponsor_id", reason: "circle", sentence, path };
}

/** Moves somebody; the same is judged again under the company's lock. Throws HubError with what stands in the way. */
export function moveSponsor(
  { db, networks }: Pick<HubParts, "db"> & { readonly networks: NetworkWithin },
  asked: MoveAsked & { readonly actor: string; readonly reason: string },
): Promise<JudgedMove> {
  const { companyId, actor, reason, ...move } = asked;
  return retryPassing(async () => {
    await networks.ready(companyId);
    return asCompany(db, companyId, async (tx) => {
      await lockCompany(tx, companyId);
      const network = await networks.current(tx, companyId);
      const judged = await judgeMove(tx, network, { companyId, ...move });
      const { no, to, refusal } = judged;
      if (refusal !== null || to === null) throw refusedMove(refusal);
      // From here on there are only writes.
      const version = await raiseDirectoryVersion(tx, companyId);
      const edges = [{ distributorNo: no, sponsorNo: to, validFrom: move.at, actor, reason }];
      await writeNetwork(tx, { companyId, version }, { ...NOTHING, edges });
      const details = { from: network.idOf(judged.from), to: move.sponsorId, at: move.at.toISOString(), reason };
      await insertAudit(tx, { companyId, actor, act: "network.move", subject: move.distributorId, details });
      return judged;
    });
  });
}

function refusedMove(refusal: MoveRefusal | null): HubError {
  if (refusal === null) throw new Error("a move without a sponsor was not refused");
  const { field, sentence } = refusal;
  return new HubError("unprocessable", sentence, { fields: [{ path: field, message: sentence.slice(field.length + 2) }] });
}
