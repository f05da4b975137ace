/** Drawing with a seed, so that a run can be repeated; and the values that break programs. */

/** Numbers from 0 to below 1, always the same for a seed (mulberry32, public domain). */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.number() * limit);
  }

  chance(share: number): boolean {
    return this.number() < share;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }
}

/** Texts that programs stumble over: NUL, ends of the calendar, numbers beyond columns, names every object has. */
export const NASTY_TEXTS: readonly string[] = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "constructor",
  "__proto__",
  "toString",
  "null",
  "NaN",
  "-0",
  "-1",
  "0",
  "1e308",
  "1e-7",
  "99999999999999999999",
  "9223372036854775808",
  "2147483648",
  "0.00001",
  "1,000.00",
  "٣",
  "Ａ",
  "0000-00-00",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999Z",
  "+275760-09-13T00:00:00.000Z",
  "+275760-09-14",
  "1969-12-31T23:59:59Z",
  "2026-02-30",
  "2026-06-01T25:00:00Z",
  "2026-06-01T00:00:00+99:99",
  "../../etc/passwd",
  "' or 1=1 --",
  "%",
  "%00",
  "{}",
  "[]",
  "\u202e",
  "😀".repeat(40),
  "x".repeat(300),
  "x".repeat(5_000),
];

/** Values of a wrong kind, or at the edge of the right one. */
export const NASTY_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  -1e308,
  Number.MAX_SAFE_INTEGER + 1,
  [],
  {},
  [[]],
  { constructor: 1 },
  Array.from({ length: 300 }, () => "x"),
  ...NASTY_TEXTS,
];
