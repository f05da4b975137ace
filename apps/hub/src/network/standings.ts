import { TextIndex } from "./text-index.ts";

/** What somebody was from a moment on (epoch milliseconds). The volume is that of the period closed last; null before any. */
export interface Standing {
  readonly from: number;
  readonly status: string;
  readonly rank: string | null;
  readonly periodPv: bigint | null;
}

/** Whether orders are credited to somebody of a status. */
export function mayEarn(status: string): boolean {
  return status === "active" || status === "inactive";
}

/** Stands for a volume that is not there; no sum of volumes reaches it. */
export const NO_VOLUME = -(2n ** 63n);
const NONE = -1;
/** What somebody without a standing is. */
export const NO_STANDING = { status: "active", rank: null } as const;

/**
 * Everyone's standings as of any time, by distributor number, in columns: most distributors have exactly one, and of
 * statuses and ranks there are few.
 */
export class Standings {
  /** The row that begins last, by distributor number; each row names the one that begins before it. */
  #latest = new Int32Array(0);
  #older = new Int32Array(0);
  #from = new Float64Array(0);
  #kind = new Int32Array(0);
  #periodPv = new BigInt64Array(0);
  #size = 0;
  /** Statuses and ranks as they come together, in the numbers of their texts. */
  readonly #kindTexts = new TextIndex();
  readonly #kinds: { readonly status: string; readonly rank: string | null }[] = [];

  get bytes(): number {
    const columns = [this.#latest, this.#older, this.#from, this.#kind, this.#periodPv];
    return columns.reduce((sum, column) => sum + column.byteLength, this.#kindTexts.bytes);
  }

  /** The number of a status and a rank that come together; `text` is `kindText` of them. */
  readonly kindOf = (text: Parameters<TextIndex["addBytes"]>[0]): number => {
    const kind = this.#kindTexts.addBytes(text);
    if (kind === this.#kinds.length) this.#kinds.push(readKind(this.#kindTexts.textOf(kind)));
    return kind;
  };

  /** Makes room for one standing of as many distributors at once. */
  reserve(size: number): void {
    this.#latest = filled(new Int32Array(size), this.#latest);
    this.#widen(size);
  }

  /** Of two from the same moment the one recorded later counts. */
  add(no: number, row: { readonly from: number; readonly kind: number; readonly periodPv: bigint }): void {
    if (no >= this.#latest.length) this.#latest = filled(new Int32Array(room(no + 1)), this.#latest);
    if (this.#size === this.#from.length) this.#widen(room(this.#size + 1));
    const added = this.#size++;
    this.#from[added] = row.from;
    this.#kind[added] = row.kind;
    this.#periodPv[added] = row.periodPv;
    let newer = NONE;
    let older = this.#latest[no] as number;
    while (older !== NONE && (this.#from[older] as number) > row.from) {
      newer = older;
      older = this.#older[older] as number;
    }
    this.#older[added] = older;
    if (newer === NONE) this.#latest[no] = added;
    else this.#older[newer] = added;
  }

  /** Before the first standing the first one counts: an import dates it later than the oldest order. */
  asOf(no: number, at: number): Standing | null {
    const row = this.#rowAt(no, at);
    if (row === NONE) return null;
    const kind = this.#kinds[this.#kind[row] as number];
    if (kind === undefined) throw new Error("a standing has no status");
    const periodPv = this.#periodPv[row] as bigint;
    return { ...kind, from: this.#from[row] as number, periodPv: periodPv === NO_VOLUME ? null : periodPv };
  }

  /** Whether somebody's standing at a time passes, for a look through everybody: each status with each rank is judged once. */
  passing(passes: (kind: Pick<Standing, "status" | "rank">) => boolean): (no: number, at: number) => boolean {
    const passed = this.#kinds.map(passes);
    const withoutAny = passes(NO_STANDING);
    return (no, at) => {
      const row = this.#rowAt(no, at);
      return row === NONE ? withoutAny : passed[this.#kind[row] as number] === true;
    };
  }

  #rowAt(no: number, at: number): number {
    let row = no < this.#latest.length ? (this.#latest[no] as number) : NONE;
    for (let older = row; older !== NONE; older = this.#older[older] as number) {
      row = older;
      if ((this.#from[row] as number) <= at) break;
    }
    return row;
  }

  #widen(length: number): void {
    this.#older = filled(new Int32Array(length), this.#older);
    this.#kind = filled(new Int32Array(length), this.#kind);
    const from = new Float64Array(length);
    from.set(this.#from);
    this.#from = from;
    const periodPv = new BigInt64Array(length);
    periodPv.set(this.#periodPv);
    this.#periodPv = periodPv;
  }
}

/** A status and a rank as one text: the status has no space. */
export function kindText(status: string, rank: string | null): string {
  return rank === null ? status : `${status} ${rank}`;
}

function readKind(text: string): { status: string; rank: string | null } {
  const space = text.indexOf(" ");
  return space === -1 ? { status: text, rank: null } : { status: text.slice(0, space), rank: text.slice(space + 1) };
}

function room(needed: number): number {
  return Math.max(16, Math.ceil(needed * 1.25));
}

function filled(wide: Int32Array<ArrayBuffer>, from: Int32Array): Int32Array<ArrayBuffer> {
  wide.set(from);
  return wide.fill(NONE, from.length);
}
