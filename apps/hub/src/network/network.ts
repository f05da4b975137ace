import { type Downline, NOBODY, SponsorTree, type WalkFrom, walkDownline } from "@upline/core";
import { type Judgement, Judgements } from "./judgements.ts";
import { type Place, Places } from "./places.ts";
import { type Standing, Standings } from "./standings.ts";
import { type TextBytes, TextIndex, UNKNOWN } from "./text-index.ts";

/** What is read of somebody as of a time. */
export interface Member {
  readonly distributorId: string;
  readonly status: string;
  readonly rank: string | null;
  readonly periodPv: bigint | null;
  readonly enrolledAt: string;
  readonly country: string | null;
}

/** Who is looked for; what is left out is not asked. */
export interface MemberSearch {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly before?: number | undefined;
  readonly limit: number;
  readonly status?: string | undefined;
  readonly rank?: string | undefined;
  /** Two capital letters. */
  readonly country?: string | undefined;
  /** By number. */
  readonly sponsor?: number | undefined;
  /** Nobody but this one. */
  readonly only?: number | undefined;
}

/** Country codes as two bytes in one number; two spaces are no country. */
const NO_COUNTRY = 0x2020;
const ISO_TEXTS = 10_000;
/** So many people are counted before everything else has its turn. */
const COUNTED_AT_ONCE = 32_768;

/**
 * A company's network in memory, as of any time: numbered people in columns, from their ids, referral codes and keyed hashes
 * found through packed tables. Rows come in the order of their numbers, whether all at once or as they change.
 * Some 150 bytes a distributor, and nothing that the garbage collector has to look through.
 */
export class Network {
  readonly tree = new SponsorTree();
  /** By distributor number: the company itself, which is 0, has the empty text. */
  readonly #ids = new TextIndex();
  #enrolledAt = new Float64Array(16);
  #countries = new Uint16Array(16);
  readonly #standings = new Standings();
  readonly #judgements = new Judgements();
  readonly #codes = new TextIndex();
  #codeOwners = new Int32Array(16);
  readonly #buyers = new TextIndex();
  #buyerOwners = new Int32Array(16);
  readonly #treeNames = new TextIndex();
  /** By the number of the tree's name. */
  readonly #placements: Places[] = [];
  /** The number of the placement that came last: whatever has a higher one is not here yet. */
  lastPlacement = "0";
  readonly #isoTexts = new Map<number, string>();
  /** 1 once somebody's first edge came, which is the enrolment; every later one is a move. */
  #settled = new Uint8Array(16);
  /** Counts what changes the tree, so that a walk knows whether it is still true. */
  #changes = 0;
  #moves = 0;

  /** `expected` distributors get room at once, where it is known how many come. */
  constructor(expected = 0) {
    if (expected > 0) for (const texts of [this.#ids, this.#codes, this.#buyers]) texts.reserve(expected + 1);
    this.#widen(expected);
    this.#standings.reserve(expected + 1);
    this.#ids.add("");
    this.tree.enrol(0, NOBODY);
  }

  /** How many distributors there are. */
  get size(): number {
    return this.#ids.size - 1;
  }

  get changes(): number {
    return this.#changes;
  }

  /** Counts moves alone: whatever else changes the tree adds somebody at its end. */
  get moves(): number {
    return this.#moves;
  }

  /** Whether somebody's sponsor is known: a row of theirs may be here before the edge that names them. */
  isSettled(no: number): boolean {
    return this.#settled[no] === 1;
  }

  /** About how many bytes it takes. */
  get bytes(): number {
    const columns = [this.#enrolledAt, this.#countries, this.#settled, this.#codeOwners, this.#buyerOwners];
    const parts = [this.#ids, this.#codes, this.#buyers, this.#standings, this.#judgements, this.tree, ...this.#placements];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, 0) + parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #widen(size: number): void {
    this.tree.reserve(size + 1);
    if (size + 1 <= this.#enrolledAt.length) return;
    const room = Math.ceil((size + 1) * 1.25);
    const enrolledAt = new Float64Array(room);
    enrolledAt.set(this.#enrolledAt);
    this.#enrolledAt = enrolledAt;
    const countries = new Uint16Array(room);
    countries.set(this.#countries);
    this.#countries = countries;
    const settled = new Uint8Array(room);
    settled.set(this.#settled);
    this.#settled = settled;
  }

  /** The next distributor, or a known one whose country may have changed. */
  enrol(no: number, person: { readonly id: TextBytes; readonly enrolledAt: number; readonly country: number }): void {
    if (no > this.size) {
      this.#widen(no);
      const outcome = this.tree.enrol(no, NOBODY);
      if (outcome.kind === "refused") throw new Error(`distributor number ${no} cannot be enrolled: ${outcome.reason}`);
      if (this.#ids.addBytes(person.id) !== no) throw new Error(`distributor number ${no} has somebody else's id`);
      this.#enrolledAt[no] = person.enrolledAt;
      this.#changes++;
    }
    this.#countries[no] = person.country;
  }

  /** An edge in the order in which they were recorded; sponsor 0 is the company. */
  follow(no: number, edge: { readonly sponsorNo: number; readonly from: number }): void {
    const first = this.#settled[no] === 0;
    this.#settled[no] = 1;
    const sponsor = edge.sponsorNo === 0 ? NOBODY : edge.sponsorNo;
    if (!first) this.#moves++;
    if (first && sponsor === NOBODY) return;
    this.#changes++;
    const outcome = first ? this.tree.settle(no, sponsor) : this.tree.move(no, sponsor, edge.from);
    // Imports judge moves by the same tree: a refused one here would mean paying an upline that nobody recorded.
    if (outcome.kind === "refused") throw new Error(`an edge of distributor number ${no} cannot be followed: ${outcome.reason}`);
  }

  stand(no: number, row: { readonly from: number; readonly kind: TextBytes; readonly periodPv: bigint }): void {
    if (!this.tree.has(no)) throw new Error(`standing of unknown distributor number ${no}`);
    this.#standings.add(no, { from: row.from, kind: this.#standings.kindOf(row.kind), periodPv: row.periodPv });
  }

  /** What a close found of somebody, for orders from a moment on. */
  judge(no: number, row: { readonly from: number; readonly found: TextBytes }): void {
    if (!this.tree.has(no)) throw new Error(`judgement of unknown distributor number ${no}`);
    this.#judgements.add(no, row);
  }

  nameCode(foldedCode: TextBytes, owner: number): void {
    const code = this.#codes.addBytes(foldedCode);
    if (code >= this.#codeOwners.length) this.#codeOwners = widened(this.#codeOwners);
    this.#codeOwners[code] = owner;
  }

  knowBuyer(buyerHash: TextBytes, owner: number): void {
    const buyer = this.#buyers.addBytes(buyerHash);
    if (buyer >= this.#buyerOwners.length) this.#buyerOwners = widened(this.#buyerOwners);
    this.#buyerOwners[buyer] = owner;
  }

  /** A place in a placement tree, in the order in which they were decided. */
  place(tree: TextBytes, place: Place): void {
    const no = this.#treeNames.addBytes(tree);
    const places = this.#placements[no] ?? new Places();
    this.#placements[no] = places;
    places.add(place);
  }

  /** Who stands where in a placement tree; none where nobody does. */
  placesOf(tree: string): Places | null {
    const no = this.#treeNames.find(tree);
    return no === UNKNOWN ? null : (this.#placements[no] ?? null);
  }

  numberOf(distributorId: string): number | null {
    const no = this.#ids.find(distributorId);
    return no === UNKNOWN || no === 0 ? null : no;
  }

  /** Null for 0, the company, and for who is not known. */
  idOf(no: number): string | null {
    return no <= 0 || no > this.size ? null : this.#ids.textOf(no);
  }

  /** The id of somebody who is there. */
  needIdOf(no: number): string {
    return this.#ids.textOf(no);
  }

  /** Whose id of two comes first by its bytes: below 0 where it is the first one's. */
  compareIds(a: number, b: number): number {
    return this.#ids.compare(a, b);
  }

  /** In epoch milliseconds. */
  enrolledAtOf(no: number): number {
    return this.#enrolledAt[no] ?? Number.NEGATIVE_INFINITY;
  }

  /** Whose referral code this is. */
  ownerOfCode(foldedCode: string): number | null {
    const code = this.#codes.find(foldedCode);
    return code === UNKNOWN ? null : (this.#codeOwners[code] ?? null);
  }

  /** Whose keyed hash this is. */
  ownerOfBuyer(buyerHash: string): number | null {
    const buyer = this.#buyers.find(buyerHash);
    return buyer === UNKNOWN ? null : (this.#buyerOwners[buyer] ?? null);
  }

  standingAt(no: number, at: number): Standing | null {
    return this.#standings.asOf(no, at);
  }

  judgementAt(no: number, at: number): Judgement {
    return this.#judgements.asOf(no, at);
  }

  memberAt(no: number, at: number): Member {
    const standing = this.standingAt(no, at);
    return {
      distributorId: this.#ids.textOf(no),
      status: standing?.status ?? "active",
      rank: standing?.rank ?? null,
      periodPv: standing?.periodPv ?? null,
      enrolledAt: this.#isoOf(this.#enrolledAt[no] as number),
      country: countryText(this.#countries[no] ?? NO_COUNTRY),
    };
  }

  /** Those who pass at a time, the newest number first, at most `limit` below `before`: some ten nanoseconds for each looked at. */
  search({ at, before = Number.POSITIVE_INFINITY, limit, status, rank, country, sponsor, only }: MemberSearch): number[] {
    const wanted = country === undefined ? undefined : countryOf(country);
    const stands =
      status === undefined && rank === undefined
        ? null
        : this.#standings.passing((kind) => (status ?? kind.status) === kind.status && (rank ?? kind.rank) === kind.rank);
    const found: number[] = [];
    const look = (no: number): boolean => {
      if ((wanted === undefined || this.#countries[no] === wanted) && (stands === null || stands(no, at))) found.push(no);
      return found.length < limit;
    };
    const few = only !== undefined ? [only] : sponsor === undefined ? null : this.frontlineAt(sponsor, at);
    if (few === null) {
      for (let no = Math.min(before - 1, this.size); no > 0 && look(no); no--);
      return found;
    }
    const left = few.filter((no) => no < before && (sponsor === undefined || this.tree.sponsorAsOf(no, at) === sponsor));
    left.sort((a, b) => b - a).every(look);
    return found;
  }

  /** How many who are there at a time have one of these statuses and pass: some ten nanoseconds for each looked at, in steps. */
  *countOf({ at, statuses, passes }: { at: number; statuses: readonly string[]; passes(no: number): boolean }) {
    const stands = this.#standings.passing(({ status }) => statuses.includes(status));
    let count = 0;
    for (let no = 1; no <= this.size; no++) {
      if (no % COUNTED_AT_ONCE === 0) yield;
      if (this.isSettled(no) && (this.#enrolledAt[no] as number) <= at && stands(no, at) && passes(no)) count++;
    }
    return count;
  }

  /** Whom somebody sponsors at a time, in no order. */
  frontlineAt(no: number, at: number): number[] {
    const below: number[] = [];
    this.tree.visitBelow(no, at, { from: at, to: at }, (other) => void below.push(other));
    return below;
  }

  /** Sponsors at a time, the nearest first. */
  uplineAt(no: number, at: number, maxDepth?: number): number[] {
    return this.tree.uplineAsOf(no, at, maxDepth);
  }

  /** One's place among those of one's sponsor, by the date of enrolment, then by number; null without a sponsor. */
  enrolmentNumberAt(no: number, at: number): number | null {
    const sponsor = this.tree.sponsorAsOf(no, at);
    if (sponsor === NOBODY) return null;
    const own = this.enrolledAtOf(no);
    let place = 1;
    this.tree.visitBelow(sponsor, at, { from: at, to: at }, (other) => {
      const theirs = this.enrolledAtOf(other);
      if (theirs < own || (theirs === own && other < no)) place++;
    });
    return place;
  }

  walkDownline(from: WalkFrom): Generator<undefined, Downline> {
    return walkDownline(this.tree, from, (no) => this.enrolledAtOf(no));
  }

  /** Many have enrolled at the same few moments, and a text of one costs more than all the rest of reading somebody. */
  #isoOf(moment: number): string {
    const known = this.#isoTexts.get(moment);
    if (known !== undefined) return known;
    if (this.#isoTexts.size >= ISO_TEXTS) this.#isoTexts.clear();
    const text = new Date(moment).toISOString();
    this.#isoTexts.set(moment, text);
    return text;
  }
}

/** A country's code as the network keeps it. */
export function countryOf(country: string | null): number {
  return country === null ? NO_COUNTRY : (country.charCodeAt(0) << 8) | country.charCodeAt(1);
}

function countryText(country: number): string | null {
  return country === NO_COUNTRY ? null : String.fromCharCode(country >> 8, country & 255);
}

function widened(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(Math.ceil(column.length * 1.25));
  wide.set(column);
  return wide;
}
