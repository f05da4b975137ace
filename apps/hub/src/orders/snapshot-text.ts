import {
  type Attribution,
  type LockedMapping,
  listOf,
  objectOf,
  orderStateText,
  orNull,
  type RevisedState,
  recordOf,
  revisionText,
  rowOf,
  type UplineDistributor,
  type Write,
  writeMinor,
  writePlain,
  writeText,
} from "@upline/core";
import type { HubDecision, Judgement, Locked, LockedAbove, LockedExchange, Snapshot, SnapshotEntry } from "./snapshot.ts";

/** Canonical JSON of a snapshot as it is stored: what `canonicalJson` writes of it, with people and entries as rows. */

const text = writeText;
const minor = writeMinor;
const plain = writePlain;

const attribution = objectOf<Attribution>({
  distributorId: orNull(text),
  candidates: listOf(
    objectOf<Attribution["candidates"][number]>({
      source: text,
      code: text,
      where: text,
      distributorId: orNull(text),
      outcome: text,
    }),
  ),
  unresolved: plain,
});

const more = objectOf<Pick<UplineDistributor, "title" | "measures" | "enrolmentNumber">>({
  title: orNull(text),
  measures: recordOf(minor),
  enrolmentNumber: orNull(plain),
});

/** The members that everybody has, as a list; what only some plans ask for behind them. */
const person: Write<UplineDistributor> = (value) => {
  const row = common(value);
  const { title, measures, enrolmentNumber } = value;
  const hasMore = title !== undefined || measures !== undefined || enrolmentNumber !== undefined;
  return hasMore ? `${row.slice(0, -1)},${more(value)}]` : row;
};
const common = rowOf<UplineDistributor>([
  ["distributorId", text],
  ["status", text],
  ["rank", orNull(text)],
  ["periodPv", orNull(minor)],
  ["enrolledAt", text],
  ["country", orNull(text)],
]);
const upline = listOf(person);

const mapping = objectOf<LockedMapping>({
  skuId: text,
  commissionClass: text,
  pv: text,
  qv: text,
  cv: text,
  retailMargin: orNull(text),
});

const locked = objectOf<Locked>({
  attribution,
  attributedAt: orNull(revisionText),
  byEvidence: objectOf<Judgement>({ attribution, attributedAt: orNull(revisionText) }),
  byHub: objectOf<HubDecision>({ distributorId: orNull(text), against: orNull(text), revision: revisionText }),
  buyer: text,
  buyerHash: orNull(text),
  buyerHashes: listOf(text),
  buyerNamed: orNull(text),
  firstOrder: plain,
  planHash: orNull(text),
  upline,
  above: objectOf<LockedAbove>({ count: plain, hash: text }),
  placements: recordOf(upline),
  mappings: recordOf(mapping),
  saleNumbers: recordOf(plain),
  exchange: objectOf<LockedExchange>({ from: text, to: text, rate: orNull(text) }),
});

/** Its key says nothing else. */
const entry = rowOf<SnapshotEntry>([
  ["bonusId", text],
  ["lineId", text],
  ["level", plain],
  ["earner", orNull(text)],
  ["amountMinor", minor],
]);

type Revised = Omit<Snapshot, "state"> & { readonly state: RevisedState };

export const snapshotText = objectOf<Revised>({ format: text, state: orderStateText, locked, entries: listOf(entry) });

const NO_REVISION = '"revision":{"at":"","tie":""}';

/**
 * Canonical text of a snapshot: the same facts give the same bytes. `content` is the same without the
 * revision's own mark, so that a newer delivery which says the same can be told from a change.
 */
export function writeSnapshot(snapshot: Snapshot): { text: string; content: string } {
  const { state } = snapshot;
  const content = snapshotText({ ...snapshot, state: { ...state, revision: { at: "", tie: "" } } });
  // The mark stands once: inside strings quotes are escaped, and no other key has this name and value.
  const text = content.replace(NO_REVISION, () => `"revision":${revisionText(state.revision)}`);
  return { text, content };
}
