import type { PlacementColumns } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { packedNumbers, packedTexts } from "../db/packed.ts";
import { readJudgement } from "../network/judgements.ts";
import { judgementsAsOf, peopleAsOf, periodPvAsOf, placesAsOf } from "./gather-queries.ts";
import type { Members, Piece } from "./members.ts";

/** Everyone with sponsor, status, rank and places just before a moment, in columns by their number in the engine. */
export interface People {
  readonly ids: string[];
  /** -1 for none. */
  readonly sponsor: Int32Array;
  /** 1 for whoever was enrolled by then. */
  readonly enrolled: Uint8Array;
  /** Places in the lists that were asked for; -1 for what is not in them. */
  readonly status: Int8Array;
  readonly rank: Int16Array;
}

/** How a network is read: whose, rows up to a version of the directory, as of just before `endsAt`. */
export interface NetworkMoment {
  readonly companyId: number;
  readonly members: Members;
  readonly directoryVersion: bigint;
  readonly endsAt: Date;
}

/** The statuses and ranks that somebody can be told apart by. */
export interface StandingLists {
  readonly statuses: readonly string[];
  readonly ranks: readonly string[];
}

export async function readPeople(tx: Tx, moment: NetworkMoment, lists: StandingLists): Promise<People> {
  const { members } = moment;
  const { count } = members;
  const people = {
    ids: new Array<string>(count).fill(""),
    sponsor: new Int32Array(count).fill(-1),
    enrolled: new Uint8Array(count),
    status: new Int8Array(count).fill(-1),
    rank: new Int16Array(count).fill(-1),
  };
  await eachPiece(members, async (piece) => {
    const page = await peopleAsOf(tx, { ...moment, piece, ...lists });
    if (page === null) return;
    const numbers = members.places(page.distributorNos);
    const ids = packedTexts(page.ids);
    const [sponsors, statuses, ranks] = [page.sponsorNos, page.statuses, page.ranks].map(packedNumbers) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const enrolled = packedNumbers(page.enrolled);
    for (let index = 0; index < numbers.length; index++) {
      const no = numbers[index] as number;
      people.ids[no] = ids[index] as string;
      people.sponsor[no] = members.noOf(sponsors[index] as number);
      people.enrolled[no] = enrolled[index] as number;
      people.status[no] = (statuses[index] as number) - 1;
      people.rank[no] = (ranks[index] as number) - 1;
    }
  });
  return people;
}

/** Personal volume of everyone's last closed period just before a moment, -1 of whom no close has counted. */
export async function readPeriodPv(tx: Tx, moment: NetworkMoment): Promise<Float64Array> {
  const { members } = moment;
  const pv = new Float64Array(members.count).fill(-1);
  await eachPiece(members, async (piece) => {
    const page = await periodPvAsOf(tx, { ...moment, piece });
    if (page === null) return;
    const pvs = packedNumbers(page.pvs);
    for (const [index, no] of members.places(page.distributorNos).entries()) pv[no] = pvs[index] as number;
  });
  return pv;
}

/** What the last close before a moment stored of everyone's measures, by measure in ten-thousandths. */
export async function readStoredMeasures(
  tx: Tx,
  moment: NetworkMoment,
  ids: readonly string[],
): Promise<Record<string, Float64Array>> {
  const { members } = moment;
  const columns = Object.fromEntries(ids.map((id) => [id, new Float64Array(members.count)]));
  if (ids.length === 0) return columns;
  await eachPiece(members, async (piece) => {
    const page = await judgementsAsOf(tx, { ...moment, piece });
    if (page === null) return;
    const texts = packedTexts(page.found);
    for (const [index, no] of members.places(page.distributorNos).entries())
      for (const [id, value] of Object.entries(readJudgement(texts[index] as string).measures)) {
        const column = columns[id];
        if (column !== undefined) column[no] = Number(value);
      }
  });
  return columns;
}

export async function readPlaces(tx: Tx, moment: NetworkMoment, tree: string): Promise<PlacementColumns & { placed: number }> {
  const { members } = moment;
  const parent = new Int32Array(members.count).fill(-1);
  const leg = new Uint8Array(members.count);
  let placed = 0;
  await eachPiece(members, async (piece) => {
    const page = await placesAsOf(tx, { ...moment, tree, piece });
    if (page === null) return;
    const numbers = members.places(page.distributorNos);
    const parentNos = packedNumbers(page.parentNos);
    const legs = packedNumbers(page.legs);
    for (let index = 0; index < numbers.length; index++) {
      const no = numbers[index] as number;
      parent[no] = members.noOf(parentNos[index] as number);
      leg[no] = legs[index] as number;
    }
    placed += numbers.length;
  });
  return { parent, leg, placed };
}

/** One piece after the other; the database reads the next while one is taken apart. */
async function eachPiece(members: Members, read: (piece: Piece) => Promise<void>): Promise<void> {
  let before: Promise<void> = Promise.resolve();
  for (const piece of members.pieces()) {
    const reading = read(piece);
    reading.catch(() => {});
    await before;
    before = reading;
  }
  await before;
}
