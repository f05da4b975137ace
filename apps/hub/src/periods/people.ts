import type { PlacementColumns } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { packedNumbers, packedTexts } from "../db/packed.ts";
import { peopleAsOf, periodPvAsOf, placesAsOf } from "./gather-queries.ts";
import { numberRanges } from "./number-ranges.ts";

/** Everyone with sponsor, status, rank and places just before a moment, in columns by distributor number less one. */
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

/** How a network is read: distributors 1 to `upto`, rows up to a version of the directory, as of just before `endsAt`. */
export interface NetworkMoment {
  readonly companyId: number;
  readonly upto: number;
  readonly directoryVersion: bigint;
  readonly endsAt: Date;
}

/** The statuses and ranks that somebody can be told apart by. */
export interface StandingLists {
  readonly statuses: readonly string[];
  readonly ranks: readonly string[];
}

export async function readPeople(tx: Tx, moment: NetworkMoment, lists: StandingLists): Promise<People> {
  const { upto } = moment;
  const people = {
    ids: new Array<string>(upto).fill(""),
    sponsor: new Int32Array(upto).fill(-1),
    enrolled: new Uint8Array(upto),
    status: new Int8Array(upto).fill(-1),
    rank: new Int16Array(upto).fill(-1),
  };
  await eachRange(upto, async (range) => {
    const page = await peopleAsOf(tx, { ...moment, range, ...lists });
    if (page === null) return;
    const numbers = packedNumbers(page.distributorNos);
    const ids = packedTexts(page.ids);
    const [sponsors, statuses, ranks] = [page.sponsorNos, page.statuses, page.ranks].map(packedNumbers) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const enrolled = packedNumbers(page.enrolled);
    for (let index = 0; index < numbers.length; index++) {
      const no = (numbers[index] as number) - 1;
      people.ids[no] = ids[index] as string;
      people.sponsor[no] = (sponsors[index] as number) - 1;
      people.enrolled[no] = enrolled[index] as number;
      people.status[no] = (statuses[index] as number) - 1;
      people.rank[no] = (ranks[index] as number) - 1;
    }
  });
  return people;
}

/** Personal volume of everyone's last closed period just before a moment, -1 of whom no close has counted. */
export async function readPeriodPv(tx: Tx, moment: NetworkMoment): Promise<Float64Array> {
  const pv = new Float64Array(moment.upto).fill(-1);
  await eachRange(moment.upto, async (range) => {
    const page = await periodPvAsOf(tx, { ...moment, range });
    if (page === null) return;
    const pvs = packedNumbers(page.pvs);
    for (const [index, distributorNo] of packedNumbers(page.distributorNos).entries())
      pv[distributorNo - 1] = pvs[index] as number;
  });
  return pv;
}

export async function readPlaces(tx: Tx, moment: NetworkMoment, tree: string): Promise<PlacementColumns & { placed: number }> {
  const parent = new Int32Array(moment.upto).fill(-1);
  const leg = new Uint8Array(moment.upto);
  let placed = 0;
  await eachRange(moment.upto, async (range) => {
    const page = await placesAsOf(tx, { ...moment, tree, range });
    if (page === null) return;
    const numbers = packedNumbers(page.distributorNos);
    const parentNos = packedNumbers(page.parentNos);
    const legs = packedNumbers(page.legs);
    for (let index = 0; index < numbers.length; index++) {
      const no = (numbers[index] as number) - 1;
      parent[no] = (parentNos[index] as number) - 1;
      leg[no] = legs[index] as number;
    }
    placed += numbers.length;
  });
  return { parent, leg, placed };
}

/** One range after the other; the database reads the next while one is taken apart. */
async function eachRange(upto: number, read: (range: { from: number; to: number }) => Promise<void>): Promise<void> {
  let before: Promise<void> = Promise.resolve();
  for (const range of numberRanges(upto)) {
    const reading = read(range);
    reading.catch(() => {});
    await before;
    before = reading;
  }
  await before;
}
