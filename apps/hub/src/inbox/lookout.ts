import type { Sql } from "../db/connect.ts";
import { type PendingDelivery, readDeliveries } from "./queries.ts";
import { type Sample, sampleInbox } from "./sample.ts";
import {
  findDue,
  findWaiting,
  forgetAttempts,
  type Group,
  groupsAfter,
  type NumberedDelivery,
  type NumberedGroup,
  raiseFloor,
  sizesOf,
  sweepStarts,
} from "./waiting.ts";

/** Of one company, looked at once: groups, and deliveries in them. */
const GROUPS = 1_000;
const WINDOW = 5_000;
/** Of one company, due for another attempt, at once. */
const DUE = 1_000;
/** Bodies read at once, and how much of them: they are stored as long as they are. */
const READ = 100;
const READ_BYTES = 16 << 20;
/** After so long no statement that writes a delivery can still be under way. */
const SETTLED_MS = 60_000;
const RAISE_EVERY_MS = 10_000;

/** What the one who takes deliveries has room for. */
export interface Room {
  /** How many more of a company. */
  of(companyId: number): number;
  /** Whether a delivery is there already. */
  holds(deliveryId: bigint): boolean;
  /** Whether a delivery became something there not long ago; who does not remember answers no. */
  did(deliveryId: bigint): boolean;
}

/**
 * Finds what nobody holds: left over by a crash, given up for lack of room, or due for another attempt. Each
 * company is looked through from a place of its own, so that one's backlog delays nobody else's, and is taken
 * in as far as there is room for it. A look reads the groups that came since the one before, and asks about those deliveries only
 * that this process did not see through itself.
 */
export class Lookout {
  readonly #gate: Sql;
  /** The group up to which each company was looked through, for good; absent: from the floor. */
  readonly #places = new Map<number, bigint>();
  /** Groups that were looked at while some of their deliveries were held here: the floor stays below them. */
  readonly #open = new Map<bigint, readonly bigint[]>();
  /** Companies of which something was let go while a look was under way: what it saw is no place to go on from. */
  readonly #letGo = new Set<number>();
  #samples: Sample[] = [];
  #raisedAt = 0;
  #begun = false;

  constructor(gate: Sql) {
    this.#gate = gate;
  }

  /** A company's deliveries were let go of: it is looked through from the floor again. */
  again(companyId: number): void {
    this.#places.delete(companyId);
    this.#letGo.add(companyId);
  }

  /**
   * One look. What is younger than `olderThanMs` is left to whoever it was handed to. `take` gets what was
   * found, some at a time; it answers false where there is no more room. Answers how many were found, and
   * whether another look would find more at once.
   */
  async look(
    room: Room,
    args: { olderThanMs: number; take: (deliveries: readonly PendingDelivery[]) => boolean },
  ): Promise<{ found: number; more: boolean }> {
    this.#letGo.clear();
    const sample = await sampleInbox(this.#gate);
    const reach = this.#reach(sample, args.olderThanMs);
    const starts = await sweepStarts(this.#gate);
    try {
      const { wanted, more } = await this.#find(
        room,
        starts.filter(({ companyId }) => room.of(companyId) > 0),
        reach,
      );
      await this.#takeIn(room, wanted, args.take);
      await this.#raiseFloor(room, starts, sample.at);
      return { found: wanted.length, more };
    } catch (error) {
      // The places may be behind something that was found and not taken in: nobody would ever look there again.
      this.#places.clear();
      throw error;
    }
  }

  async #find(room: Room, starts: readonly NumberedGroup[], reach: Reach) {
    if (starts.length === 0) return { wanted: [], more: false };
    const after = starts.map(({ companyId, groupNo }) => {
      const place = this.#places.get(companyId) ?? 0n;
      return { companyId, groupNo: place > groupNo ? place : groupNo };
    });
    const found = Map.groupBy(
      await groupsAfter(this.#gate, { after, upTo: reach.upTo, limit: GROUPS }),
      ({ companyId }) => companyId,
    );
    const looked = after.map((from) => ({ ...from, ...withinWindow(found.get(from.companyId) ?? []) }));
    const unknown = looked
      .flatMap(({ groups }) => groups.flatMap(({ deliveryIds }) => deliveryIds))
      .filter((deliveryId) => !room.holds(deliveryId) && !room.did(deliveryId));
    const waiting = unknown.length === 0 ? new Set<bigint>() : await findWaiting(this.#gate, unknown);
    const wanted = looked.flatMap(({ companyId, groupNo, groups, whole }) => {
      const { taken, upTo } = this.#choose(room, { companyId, groups, waiting });
      const examined = upTo ?? (whole ? reach.upTo : (groups.at(-1)?.groupNo ?? 0n));
      // Below what is settled nothing can appear any more; the rest is read once more.
      const place = examined < reach.settled ? examined : reach.settled;
      if (!this.#letGo.has(companyId)) this.#places.set(companyId, place > groupNo ? place : groupNo);
      return taken;
    });
    const companyIds = starts.map(({ companyId }) => companyId);
    const due = await findDue(this.#gate, { companyIds, limit: DUE });
    wanted.push(...due.filter(({ deliveryId }) => !room.holds(deliveryId)));
    return { wanted, more: looked.some(({ whole }) => !whole) || due.length >= DUE };
  }

  /** As many of what waits as there is room for, and, where that is not all, the place behind the last group that was taken whole. */
  #choose(room: Room, args: { companyId: number; groups: readonly Group[]; waiting: ReadonlySet<bigint> }) {
    const { companyId, groups, waiting } = args;
    const taken: NumberedDelivery[] = [];
    let left = room.of(companyId);
    for (const { groupNo, deliveryIds } of groups) {
      const own = deliveryIds.filter((deliveryId) => waiting.has(deliveryId) && !room.holds(deliveryId));
      if (own.length > 0 || deliveryIds.some((deliveryId) => room.holds(deliveryId))) this.#open.set(groupNo, deliveryIds);
      taken.push(...own.slice(0, left).map((deliveryId) => ({ companyId, deliveryId })));
      left -= own.length;
      if (left < 0) return { taken, upTo: groupNo - 1n };
    }
    return { taken, upTo: null };
  }

  /** In turn over the companies, so that room that runs out runs out for all alike. */
  async #takeIn(
    room: Room,
    wanted: readonly NumberedDelivery[],
    take: (deliveries: readonly PendingDelivery[]) => boolean,
  ): Promise<void> {
    if (wanted.length === 0) return;
    const ids = inTurn(wanted).map(({ deliveryId }) => deliveryId);
    const gone = new Set<bigint>();
    for (const deliveryIds of portions(ids, await sizesOf(this.#gate, ids))) {
      const deliveries = await readDeliveries(this.#gate, { deliveryIds });
      const there = new Set(deliveries.map(({ deliveryId }) => deliveryId));
      for (const deliveryId of deliveryIds) if (!there.has(deliveryId)) gone.add(deliveryId);
      if (!take(deliveries)) break;
    }
    // Whatever did not get in, because the room ran out or somebody else was faster, is looked for again. A delivery that its group names
    // and nobody can read would be found again for ever, and nothing behind it.
    for (const { companyId, deliveryId } of wanted)
      if (!room.holds(deliveryId) && !room.did(deliveryId) && !gone.has(deliveryId)) this.again(companyId);
  }

  /** How far a look goes, and up to where all that will ever be there can be seen. What is there at the first look was handed to nobody here. */
  #reach(sample: Sample, olderThanMs: number): Reach {
    this.#samples.push(sample);
    const settled = this.#samples.findLastIndex(
      ({ at, writers }) => sample.at - at >= SETTLED_MS || ![...writers].some((writer) => sample.writers.has(writer)),
    );
    const old = this.#samples.findLastIndex(({ at }) => sample.at - at >= olderThanMs);
    const reach = {
      upTo: (this.#begun && olderThanMs > 0 ? this.#samples[old]?.newest : sample.newest) ?? 0n,
      settled: this.#samples[settled]?.newest ?? 0n,
    };
    this.#begun = true;
    this.#samples.splice(0, Math.max(0, Math.min(old, settled)));
    return reach;
  }

  /** To below every company's place, and every group of which something is held. */
  async #raiseFloor(room: Room, starts: readonly NumberedGroup[], now: number): Promise<void> {
    if (now - this.#raisedAt < RAISE_EVERY_MS) return;
    this.#raisedAt = now;
    for (const [groupNo, deliveryIds] of this.#open)
      if (!deliveryIds.some((deliveryId) => room.holds(deliveryId))) this.#open.delete(groupNo);
    const places = starts.map(({ companyId }) => this.#places.get(companyId) ?? 0n);
    const least = [...places, ...[...this.#open.keys()].map((groupNo) => groupNo - 1n)].reduce(
      (least, bound) => (bound < least ? bound : least),
      places[0] ?? 0n,
    );
    if (least > 0n) await raiseFloor(this.#gate, least);
    await forgetAttempts(this.#gate);
  }
}

interface Reach {
  readonly upTo: bigint;
  readonly settled: bigint;
}

/** The first groups, with as many deliveries as are looked at once; and whether these are all that there were. */
function withinWindow(groups: readonly Group[]): { groups: readonly Group[]; whole: boolean } {
  let deliveries = 0;
  const end = groups.findIndex(({ deliveryIds }, index) => {
    deliveries += deliveryIds.length;
    return index > 0 && deliveries > WINDOW;
  });
  if (end === -1) return { groups, whole: groups.length < GROUPS };
  return { groups: groups.slice(0, end), whole: false };
}

/** What is read at once: a number of bodies, and no more of them than fits; a longer one by itself. */
function portions(ids: readonly bigint[], sizes: Awaited<ReturnType<typeof sizesOf>>): bigint[][] {
  const bytesOf = new Map(sizes.map(({ deliveryId, bytes }) => [deliveryId, bytes]));
  const all: bigint[][] = [];
  let [portion, taken]: [bigint[], number] = [[], 0];
  for (const id of ids) {
    const bytes = bytesOf.get(id) ?? 0;
    if (portion.length === READ || (portion.length > 0 && taken + bytes > READ_BYTES)) {
      all.push(portion);
      [portion, taken] = [[], 0];
    }
    portion.push(id);
    taken += bytes;
  }
  return portion.length > 0 ? [...all, portion] : all;
}

/** The first of each company, then the second of each, and so on. */
function inTurn(wanted: readonly NumberedDelivery[]): NumberedDelivery[] {
  const companies = [...Map.groupBy(wanted, ({ companyId }) => companyId).values()];
  const longest = Math.max(0, ...companies.map((own) => own.length));
  return Array.from({ length: longest }, (_, index) => companies.flatMap((own) => own[index] ?? [])).flat();
}
