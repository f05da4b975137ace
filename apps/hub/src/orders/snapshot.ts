import {
  type Attribution,
  type CommissionEntry,
  entryKeyOf,
  type LockedMapping,
  type OrderState,
  orderState,
  type Revision,
  type UplineDistributor,
} from "@upline/core";
import { z } from "zod";

export const FORMAT = "upline-order/3";
const OLDER: readonly string[] = ["upline-order/1", "upline-order/2"];

/**
 * The calculation snapshot of an order revision: the whole input of the computation and what came
 * out. From this alone anyone can compute the order's commissions again, on any machine.
 * Older formats are still read, and written again as the newest: `upline-order/1` knew a buyer by one hash and no places, and
 * `upline-order/2` held all of an upline, and people and entries by the names of their members.
 */
export interface Snapshot {
  readonly format: typeof FORMAT;
  readonly state: OrderState;
  readonly locked: Locked;
  readonly entries: readonly SnapshotEntry[];
}

/** Decided when the order was first seen, and kept: later changes of network, plan or SKU map do not reach back. */
export interface Locked {
  readonly attribution: Attribution;
  /** The revision whose evidence decided; an older one that arrives late takes over. */
  readonly attributedAt: Revision | null;
  /** What the evidence alone says, where something else decided: it counts again once that is taken back. */
  readonly byEvidence?: Judgement;
  /** An administrator's decision, here and not in the shop. */
  readonly byHub?: HubDecision;
  readonly buyer: "customer" | "self";
  readonly buyerHash: string | null;
  /** Keyed hashes of everything by which the buyer is recognised. */
  readonly buyerHashes: readonly string[];
  /** The distributor whom the sender named as the buyer. */
  readonly buyerNamed: string | null;
  readonly firstOrder: boolean;
  readonly planHash: string | null;
  /** The owner first, then the upline as of the order's time, as far as the plan can read. */
  readonly upline: readonly UplineDistributor[];
  /** Who stood above them; absent where nobody did, or all are here. */
  readonly above?: LockedAbove | undefined;
  /** The same in each placement tree that the plan pays on when an order comes. */
  readonly placements: Readonly<Record<string, readonly UplineDistributor[]>>;
  readonly mappings: Readonly<Record<string, LockedMapping>>;
  /** Which sale of its sponsor's recruits it is, by commission class and for "*"; only where the plan counts them. */
  readonly saleNumbers?: Readonly<Record<string, number>> | undefined;
  /** How the order's money becomes the plan's; absent where both are the same. */
  readonly exchange?: LockedExchange | undefined;
}

/** Of `to` for one of `from`; null where there is no rate yet: the order waits. */
export interface LockedExchange {
  readonly from: string;
  readonly to: string;
  readonly rate: string | null;
}

/** The rest of an upline that no computation of the order's plan reads. */
export interface LockedAbove {
  readonly count: number;
  /** Of their ids, the nearest first: whether it is still they who stand there. */
  readonly hash: string;
}

/** Whose an order is, and the revision that says so; null where nothing but the buyer did. */
export type Judgement = Pick<Locked, "attribution" | "attributedAt">;

export interface HubDecision {
  readonly distributorId: string | null;
  /** The shop's own decision that stood at that time, as a folded code ("" for nobody): it does not come back by being sent again. */
  readonly against: string | null;
  readonly revision: Revision;
}

export type SnapshotEntry = Pick<CommissionEntry, "entryKey" | "bonusId" | "lineId" | "level" | "earner" | "amountMinor">;

/** Who bought is personal data: the snapshot is kept forever and holds the keyed hash only. */
export function withoutBuyer({ buyerIdentities: _, ...state }: OrderState): OrderState {
  return { ...state, buyer: null };
}

interface Stored extends Pick<Snapshot, "state"> {
  readonly format: string;
  readonly locked: Omit<Locked, Added> & Partial<Pick<Locked, Added>>;
  readonly entries: readonly SnapshotEntry[];
}
type Added = "buyerHashes" | "buyerNamed" | "placements";

/** People and entries as the newest format holds them: the members that each has, in one order. */
interface Rows {
  readonly format: string;
  readonly state: OrderState;
  readonly locked: Omit<Stored["locked"], "upline" | "placements"> & {
    readonly upline: readonly PersonRow[];
    readonly placements: Readonly<Record<string, readonly PersonRow[]>>;
  };
  readonly entries: readonly EntryRow[];
}
type PersonRow = readonly [
  distributorId: string,
  status: string,
  rank: string | null,
  periodPv: bigint | null,
  enrolledAt: string,
  country: string | null,
  more?: Pick<UplineDistributor, "title" | "measures" | "enrolmentNumber">,
];
type EntryRow = readonly [bonusId: string, lineId: string, level: number, earner: string | null, amountMinor: string];

function personOf([distributorId, status, rank, periodPv, enrolledAt, country, more]: PersonRow): UplineDistributor {
  return { distributorId, status, rank, periodPv, enrolledAt, country, ...more };
}

function entryOf([bonusId, lineId, level, earner, amountMinor]: EntryRow): SnapshotEntry {
  const place = { bonusId, lineId, level, earner };
  return { entryKey: entryKeyOf(place), ...place, amountMinor: BigInt(amountMinor) };
}

function namedOf({ locked, entries, ...rest }: Rows): Stored {
  const placements = Object.fromEntries(Object.entries(locked.placements).map(([tree, rows]) => [tree, rows.map(personOf)]));
  return { ...rest, locked: { ...locked, upline: locked.upline.map(personOf), placements }, entries: entries.map(entryOf) };
}

/** Stored text back to a snapshot: money becomes bigint again. */
export function readSnapshot(text: string): Snapshot {
  const parsed = JSON.parse(text) as Stored | Rows;
  const { format } = parsed;
  if (format !== FORMAT && !OLDER.includes(format))
    throw new Error(`a snapshot of the format ${JSON.stringify(format)} cannot be read: it is newer than this program`);
  const stored = format === FORMAT ? namedOf(parsed as Rows) : (parsed as Stored);
  const { buyerHash } = stored.locked;
  return {
    ...stored,
    format: FORMAT,
    state: orderState.parse(stored.state),
    locked: {
      buyerHashes: buyerHash === null ? [] : [buyerHash],
      buyerNamed: null,
      ...stored.locked,
      upline: stored.locked.upline.map(readDistributor),
      placements: Object.fromEntries(
        Object.entries(stored.locked.placements ?? {}).map(([tree, upline]) => [tree, upline.map(readDistributor)]),
      ),
    },
    entries: stored.entries.map((entry) => ({ ...entry, amountMinor: BigInt(entry.amountMinor) })),
  };
}

/** Whether a stored text is of the newest format: another one says the same in other bytes. */
export function isNewestFormat(text: string): boolean {
  // Within a string its quotes would be escaped.
  return text.includes(`"format":"${FORMAT}"`);
}

function readDistributor(distributor: UplineDistributor): UplineDistributor {
  const { measures } = distributor;
  const kept = measures === undefined ? {} : { measures: readMeasures(measures) };
  return { ...distributor, ...kept, periodPv: optionalBigint(distributor.periodPv) };
}

function readMeasures(measures: Readonly<Record<string, unknown>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(measures).map(([id, value]) => [id, optionalBigint(value) ?? 0n]));
}

function optionalBigint(value: unknown): bigint | null {
  return value === null || value === undefined ? null : BigInt(z.union([z.string(), z.bigint()]).parse(value));
}
