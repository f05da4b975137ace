/** One figure of a close: an amount in minor units, or a count. */
export interface Figure {
  readonly key: string;
  readonly name: string;
  readonly value: bigint;
  readonly isMoney: boolean;
}

export interface Compared {
  readonly figure: Figure;
  readonly low: bigint;
  readonly high: bigint;
  /** Beyond what the earlier closes came to by more than a twentieth; `new` where all of them were nothing. */
  readonly state: "usual" | "above" | "below" | "new";
}

/** A twentieth beyond the highest or the lowest is still called usual: no two months are alike. */
const LENIENCY = 20n;

/** A figure of now beside those of earlier closes; what one of them did not have counts as nothing there. */
export function compareFigures(now: readonly Figure[], earlier: readonly (readonly Figure[])[]): readonly Compared[] {
  return now.map((figure) => {
    const before = earlier.map((figures) => figures.find(({ key }) => key === figure.key)?.value ?? 0n);
    const sorted = before.toSorted((a, b) => (a < b ? -1 : 1));
    const [low, high] = [sorted[0] ?? 0n, sorted.at(-1) ?? 0n];
    return { figure, low, high, state: stateOf(figure.value, low, high) };
  });
}

function stateOf(value: bigint, low: bigint, high: bigint): Compared["state"] {
  if (low === 0n && high === 0n) return value === 0n ? "usual" : "new";
  if ((value - high) * LENIENCY > sizeOf(high)) return "above";
  if ((low - value) * LENIENCY > sizeOf(low)) return "below";
  return "usual";
}

/** Without its sign: what was taken back is a figure below zero. */
export const sizeOf = (value: bigint) => (value < 0n ? -value : value);
