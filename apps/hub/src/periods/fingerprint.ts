import { createHash, type Hash } from "node:crypto";
import { planHash } from "@upline/core";
import type { Carried, CloseInput, CloseResult, Measured } from "@upline/core/engine";
import { orderOfIds } from "./id-order.ts";

/**
 * Hashes of what a close read and what it came to. Everything is taken in the order of distributors'
 * ids, so that neither the order in which rows arrived nor the numbers they were given can change a byte.
 */

type Column = Int32Array | Int16Array | Uint16Array | Uint8Array | Float64Array;

export class Fingerprint {
  /** Numbers in the order of their ids, and the place of each number in it. */
  readonly #order: Int32Array;
  readonly #place: Int32Array;
  readonly #ids: readonly string[];
  /** Numbers on their way into a hash. */
  readonly #values = new Float64Array(PORTION);
  readonly #bytes = new Uint8Array(this.#values.buffer);

  constructor(ids: readonly string[]) {
    this.#ids = ids;
    this.#order = orderOfIds(ids);
    this.#place = new Int32Array(ids.length);
    for (let index = 0; index < this.#order.length; index++) this.#place[this.#order[index] as number] = index;
  }

  ofInput(input: CloseInput): string {
    const hash = createHash("sha256");
    const { network, plan } = input;
    text(hash, "upline-close-input/1", planHash(plan), input.periodId, String(input.endsAt), input.currency);
    for (let from = 0; from < this.#order.length; from += PORTION) {
      const ids = Array.from(this.#order.subarray(from, from + PORTION), (no) => `${this.#ids[no]}\n`);
      hash.update(ids.join(""));
    }
    this.#above(hash, "sponsor", network.sponsor);
    this.#column(hash, "earning", network.earning);
    this.#column(hash, "title", network.title);
    network.recentRanks.forEach((ranks, back) => void this.#column(hash, `rank${back}`, ranks));
    this.#column(hash, "grace", network.graceUsed);
    this.#otherCalendars(hash, input);
    if (input.fixedRanks !== undefined) this.#column(hash, "fixed", input.fixedRanks);
    const directives = network.directives.map(
      (directive) => `${this.#ids[directive.no]} ${directive.kind} ${directive.rankNo} ${directive.until}`,
    );
    text(hash, "directives", ...directives.sort());
    for (const tree of Object.keys(network.placements).sort()) {
      const { parent, leg } = network.placements[tree] as CloseInput["network"]["placements"][string];
      this.#above(hash, `parent ${tree}`, parent);
      this.#column(hash, `leg ${tree}`, leg);
    }
    this.#orders(hash, input.orders);
    if (input.before !== undefined) this.#orders(hash, input.before);
    this.#carried(hash, input.carried);
    this.#measured(hash, input);
    return hash.digest("hex");
  }

  /** What measures and conditions ask for; of plans without any nothing. */
  #measured(hash: Hash, { measured, periodStarts, network }: CloseInput): void {
    this.#named(hash, "given", measured?.given ?? {});
    this.#kept(hash, measured?.kept ?? {});
    if (periodStarts !== undefined) text(hash, "periods", ...periodStarts.map(String));
    if (network.enrolledAt !== undefined) this.#column(hash, "enrolled", network.enrolledAt);
    if (network.country === undefined) return;
    const { codes, of } = network.country;
    const sorted = [...codes].sort();
    const place = codes.map((code) => sorted.indexOf(code));
    text(hash, "countries", ...sorted);
    this.#column(
      hash,
      "country",
      of.map((code) => place[code] as number),
    );
  }

  #named(hash: Hash, name: string, columns: Readonly<Record<string, Column>>): void {
    for (const id of Object.keys(columns).sort()) this.#held(hash, `${name} ${id}`, columns[id] as Column);
  }

  #kept(hash: Hash, kept: Readonly<Record<string, readonly Float64Array[]>>): void {
    for (const id of Object.keys(kept).sort())
      for (const [age, column] of (kept[id] ?? []).entries())
        if (column.length > 0) this.#held(hash, `kept ${id} ${age}`, column);
  }

  /** What a close takes of other calendars of its plan; nothing where the plan has none. */
  #otherCalendars(hash: Hash, { calendar, lastClosed, running }: CloseInput): void {
    if (calendar !== undefined) text(hash, "calendar", calendar);
    if (lastClosed !== undefined) {
      this.#column(hash, "last closed rank", lastClosed.rank);
      this.#column(hash, "last closed pv", lastClosed.pv);
      this.#named(hash, "last closed", lastClosed.measures);
    }
    if (running !== undefined) {
      text(hash, "running");
      this.#orders(hash, running.orders);
      this.#named(hash, "running given", running.measured?.given ?? {});
      this.#kept(hash, running.measured?.kept ?? {});
      if (running.periodStarts !== undefined) text(hash, "running periods", ...running.periodStarts.map(String));
    }
  }

  ofOutput(result: CloseResult): string {
    const hash = createHash("sha256");
    text(hash, "upline-close-output/1", result.planHash, result.periodId, result.currency, String(result.cvMinor));
    const { facts, ranks } = result;
    const { pv, own, gv, retail, active } = facts;
    for (const [name, column] of Object.entries({
      ...{ pv, own, gv, retail, active },
      qualified: ranks.qualified,
      paidAs: ranks.paidAs,
      title: ranks.title,
    }))
      this.#column(hash, name, column);
    this.#column(hash, "grace", ranks.graceUsed);
    this.#column(hash, "personal group volume", ranks.personalGroupVolume);
    for (const { bonusId, beforeCaps, amounts, breakageMinor } of result.bonuses) {
      text(hash, "bonus", bonusId, String(breakageMinor));
      this.#column(hash, "before caps", beforeCaps);
      this.#column(hash, "amounts", amounts);
    }
    for (const bonusId of Object.keys(result.binary).sort()) {
      const { left, right, matched, usedLeft, usedRight } = result.binary[bonusId] as CloseResult["binary"][string];
      text(hash, "pairs", bonusId);
      for (const column of [left, right, matched, usedLeft, usedRight]) this.#column(hash, "side", column);
    }
    this.#carried(hash, result.carried);
    this.#named(hash, "counted", result.counts.kept);
    this.#named(hash, "at orders", result.counts.atOrders);
    return hash.digest("hex");
  }

  /**
   * Of what later closes start from; `kept` is what they are given of the plan's measures, `stored` what closes of other calendars
   * take of people's.
   */
  ofCarry(result: CloseResult, kept: Measured["kept"] = {}, stored: CloseResult["counts"]["atOrders"] = {}): string {
    const hash = createHash("sha256");
    text(hash, "upline-close-carry/1");
    if (result.ranksOf === "own") {
      this.#column(hash, "paidAs", result.ranks.paidAs);
      this.#column(hash, "title", result.ranks.title);
      this.#column(hash, "grace", result.ranks.graceUsed);
    }
    this.#carried(hash, { ...result.carried, earned: {} });
    this.#kept(hash, kept);
    this.#named(hash, "stored", stored);
    return hash.digest("hex");
  }

  #carried(hash: Hash, carried: Carried): void {
    for (const id of Object.keys(carried.binary).sort()) {
      const { left, right } = carried.binary[id] as Carried["binary"][string];
      left.forEach((column, age) => void this.#held(hash, `left ${id} ${age}`, column));
      right.forEach((column, age) => void this.#held(hash, `right ${id} ${age}`, column));
    }
    for (const id of Object.keys(carried.pools).sort())
      if (carried.pools[id] !== 0) text(hash, "pool", id, String(carried.pools[id]));
    for (const id of Object.keys(carried.completed).sort())
      this.#held(hash, `completed ${id}`, carried.completed[id] as Uint8Array);
    for (const id of Object.keys(carried.deficits ?? {}).sort())
      this.#held(hash, `deficit ${id}`, carried.deficits?.[id] as Float64Array);
    for (const id of Object.keys(carried.rewards ?? {}).sort())
      carried.rewards?.[id]?.forEach((column, place) => void this.#held(hash, `reward ${id} ${place}`, column));
    for (const id of Object.keys(carried.earned).sort()) this.#held(hash, `earned ${id}`, carried.earned[id] as Float64Array);
  }

  /** A column that is nothing but zeros says the same as none at all. */
  #held(hash: Hash, name: string, column: Column): void {
    if (column.some((value) => value !== 0)) this.#column(hash, name, column);
  }

  #column(hash: Hash, name: string, column: Column): void {
    text(hash, name);
    const values = this.#values;
    for (let from = 0; from < this.#order.length; from += PORTION) {
      const count = Math.min(PORTION, this.#order.length - from);
      // Adding zero makes -0 the same bytes as 0.
      for (let index = 0; index < count; index++) values[index] = (column[this.#order[from + index] as number] as number) + 0;
      this.#flush(hash, count);
    }
  }

  #above(hash: Hash, name: string, above: Int32Array): void {
    const places = new Int32Array(above.length);
    for (let no = 0; no < places.length; no++) {
      const up = above[no] as number;
      places[no] = up < 0 ? -1 : (this.#place[up] as number);
    }
    this.#column(hash, name, places);
  }

  /** Rows come sorted within their owner; owners are taken by id, markets by name. */
  #orders(hash: Hash, orders: CloseInput["orders"]): void {
    const first = new Int32Array(this.#order.length + 1);
    for (const no of orders.owner) first[no + 1] = (first[no + 1] as number) + 1;
    for (let no = 0; no < this.#order.length; no++) first[no + 1] = (first[no + 1] as number) + (first[no] as number);
    const markets = [...orders.markets].sort();
    const marketAt = orders.markets.map((market) => markets.indexOf(market));
    text(hash, "markets", ...markets.filter((market) => market !== "*"));
    const openSets = (orders.openSets ?? [[]]).map((ids) => ids.join());
    const sortedSets = [...openSets].sort();
    const setAt = openSets.map((ids) => sortedSets.indexOf(ids));
    if (sortedSets.length > 1) text(hash, "fast starts", ...sortedSets);
    const asked = askedColumns(orders);
    if (asked.length > 0) text(hash, "asked", ...asked.map(([name]) => name));
    const width = WIDTH + asked.length;
    const values = this.#values;
    let at = 0;
    for (const no of this.#order) {
      for (let row = first[no] as number; row < (first[no + 1] as number); row++) {
        if (at + width > PORTION) at = this.#flush(hash, at);
        values[at++] = this.#place[no] as number;
        values[at++] = orders.classNo[row] as number;
        values[at++] = marketAt[orders.marketNo[row] as number] as number;
        values[at++] = orders.self[row] as number;
        values[at++] = setAt[orders.openSet?.[row] ?? 0] as number;
        values[at++] = orders.pv[row] as number;
        values[at++] = orders.qv[row] as number;
        values[at++] = orders.cv[row] as number;
        values[at++] = orders.netMinor?.[row] ?? 0;
        for (const [, column] of asked) values[at++] = column[row] as number;
      }
    }
    this.#flush(hash, at);
  }

  #flush(hash: Hash, count: number): number {
    hash.update(this.#bytes.subarray(0, count * BYTES));
    return 0;
  }
}

/** Columns that only some plans ask for, by name. */
function askedColumns({ retailMinor, subscription, lessMinor = {} }: CloseInput["orders"]): (readonly [string, Column])[] {
  return [
    ...(retailMinor === undefined ? [] : [["retail", retailMinor] as const]),
    ...(subscription === undefined ? [] : [["subscription", subscription] as const]),
    ...Object.keys(lessMinor)
      .sort()
      .map((id) => [`less ${id}`, lessMinor[id] as Column] as const),
  ];
}

/** So many numbers go into a hash at once: they stay in the processor's cache. */
const PORTION = 8_192;
const BYTES = 8;
/** Numbers of one row of orders. */
const WIDTH = 9;

function text(hash: Hash, ...parts: readonly string[]): void {
  hash.update(`${JSON.stringify(parts)}\n`);
}
