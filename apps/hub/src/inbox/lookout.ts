import type { Sql } from "../db/connect.ts";
import { type PendingDelivery, readDeliveries } from "./queries.ts";
import {
  findDue,
  lookAfter,
  type Mark,
  markInbox,
  type NumberedDelivery,
  raiseFloor,
  type Sample,
  sampleInbox,
  sizesOf,
  sweepStarts,
} from "./waiting.ts";

/** Of one company, looked at once. */
const WINDOW = 5_000;
/** Of one company, due for another attempt, at once. */
const DUE = 1_000;
/** Bodies read at once, and how much of them: they are stored as long as they are. */
const READ = 100;
const READ_BYTES = 16 << 20;
const SAMPLES_KEPT_MS = 10_000;
/** After so long no statement that writes a delivery can still be under way. */
const SETTLED_MS = 60_000;
const RAISE_EVERY_MS = 10_000;
/** Everything above the floor is looked at anew: what was committed late, or given up by another process. */
const ANEW_EVERY_MS = 30_000;

/** What the one who takes deliveries has room for. */
export interface Room {
  /** How many more of a company. */
  of(companyId: number): number;
  /** Whether a delivery is there already. */
  holds(deliveryId: bigint): boolean;
}

/**
 * Finds what nobody holds: left over by a crash, given up for lack of room, or due for another attempt. Each
 * company is looked through from a place of its own, so that one's backlog delays nobody else's, and is taken
 * in as far as there is room for it.
 */
export class Lookout {
  readonly #gate: Sql;
  /** Up to where each company was looked through; absent: from the floor. */
  readonly #places = new Map<number, bigint>();
  #samples: Sample[] = [];
  #marks: Mark[] = [];
  #begunAt = 0;
  #tookMs = 0;

  constructor(gate: Sql) {
    this.#gate = gate;
  }

  /** A company's deliveries were let go of: it is looked through from the floor again. */
  again(companyId: number): void {
    this.#places.delete(companyId);
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
    const begun = Date.now();
    const sample = await sampleInbox(this.#gate);
    const upTo = this.#settledUpTo(sample, args.olderThanMs);
    if (begun - this.#begunAt > Math.max(ANEW_EVERY_MS, 20 * this.#tookMs)) {
      this.#places.clear();
      this.#begunAt = begun;
    }
    const starts = (await sweepStarts(this.#gate)).filter(({ companyId }) => room.of(companyId) > 0);
    const { wanted, more } = await this.#find(room, starts, upTo);
    await this.#takeIn(wanted, args.take);
    this.#tookMs = Date.now() - begun;
    await this.#raiseFloor(begun);
    return { found: wanted.length, more };
  }

  async #find(room: Room, starts: readonly NumberedDelivery[], upTo: bigint) {
    if (starts.length === 0) return { wanted: [], more: false };
    const after = starts.map(({ companyId, deliveryId }) => {
      const place = this.#places.get(companyId) ?? 0n;
      return { companyId, deliveryId: place > deliveryId ? place : deliveryId };
    });
    const looked = await lookAfter(this.#gate, { after, upTo, limit: WINDOW });
    const wanted: NumberedDelivery[] = [];
    let more = false;
    for (const { companyId, examined, count, waiting } of looked) {
      const free = waiting.filter((deliveryId) => !room.holds(deliveryId));
      const fitting = free.slice(0, room.of(companyId));
      const last = fitting.at(-1);
      this.#places.set(companyId, fitting.length < free.length && last !== undefined ? last : examined);
      more ||= count === WINDOW;
      wanted.push(...fitting.map((deliveryId) => ({ companyId, deliveryId })));
    }
    const companyIds = starts.map(({ companyId }) => companyId);
    const due = await findDue(this.#gate, { companyIds, limit: DUE });
    more ||= due.length >= DUE;
    wanted.push(...due.filter(({ deliveryId }) => !room.holds(deliveryId)));
    return { wanted, more };
  }

  /** In turn over the companies, so that room that runs out runs out for all alike. */
  async #takeIn(wanted: readonly NumberedDelivery[], take: (deliveries: readonly PendingDelivery[]) => boolean): Promise<void> {
    if (wanted.length === 0) return;
    const ids = inTurn(wanted).map(({ deliveryId }) => deliveryId);
    for (const deliveryIds of portions(ids, await sizesOf(this.#gate, ids))) {
      if (take(await readDeliveries(this.#gate, { deliveryIds }))) continue;
      for (const { companyId } of wanted) this.again(companyId);
      return;
    }
  }

  /** The newest delivery of the newest sample that is old enough. What is there at the first look was handed to nobody here. */
  #settledUpTo(sample: Sample, olderThanMs: number): bigint {
    const first = this.#samples.length === 0;
    this.#samples = [...this.#samples.filter(({ at }) => sample.at - at < SAMPLES_KEPT_MS), sample];
    if (first || olderThanMs === 0) return sample.newest;
    return this.#samples.findLast(({ at }) => sample.at - at >= olderThanMs)?.newest ?? 0n;
  }

  async #raiseFloor(now: number): Promise<void> {
    if (now - (this.#marks.at(-1)?.at ?? 0) < RAISE_EVERY_MS) return;
    this.#marks.push(await markInbox(this.#gate));
    const old = this.#marks.findLastIndex(({ at }) => now - at >= SETTLED_MS);
    const [mark] = this.#marks.splice(0, old + 1).slice(-1);
    if (mark !== undefined) await raiseFloor(this.#gate, mark);
  }
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
