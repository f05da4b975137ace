import fc from "fast-check";

/** Bodies of JSON, and what may become of them: for tests of whatever reads them. */

/** What a shop, an app or a fault may put in a member's place; long numbers are text, as `parseJson` leaves them. */
const ODD: readonly unknown[] = [
  ...[null, true, false, [], {}, [null], [{}], [[]], ["12345678901234567890123"]],
  // Names that every object has already, as JSON may hold them.
  ...[JSON.parse('{"__proto__":{"a":1}}'), { constructor: 1 }],
  ...["", "0", "00", "-0", "-1.50", "12.3456", " 1", "1 ", "1\n", "1e3", "NaN", ".5", "1.", "+1"],
  ...[
    "7".repeat(15),
    "7".repeat(16),
    "7".repeat(20),
    "7".repeat(21),
    "7".repeat(40),
    "7".repeat(41),
    "a".repeat(255),
    "a".repeat(256),
  ],
  ...[0, -0, -1, 2, 1.5, 0.1234567890123, 1e-7, 1e21, 2 ** 53 - 1, 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN],
  ...["EUR", "eur", "EURO", "EUR\n", "\u0000", "\ud800", "٣", " ", "shipping", "success"],
  ...["2026-02-29T10:00:00Z", "2024-02-29T10:00:00Z", "2026-11-31T10:00:00Z", "2026-11-30T24:00:00Z"],
  ...["2026-11-30T10:00Z", "2026-13-01T10:00:00Z", "2026-11-30T10:00:00+01:00", "2026-11-30T10:00:00+0100"],
  ...["2026-11-30T10:00:00+24:00", "2026-11-30T10:00:00.1234567Z", "2026-11-30T10:00:00ZZ", "2026-11-30T10:00:00"],
  ...[
    "2026-02-29T10:00:00",
    "2026-11-30 10:00:00",
    "2026-02-29 10:00:00",
    "2026-11-30 10:00",
    "2026-11-30 10:00:00.5",
    "2026-11-30T10:00:00.5",
  ],
];
const odd = fc.oneof(fc.constantFrom(...ODD), fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: "binary" }));

export type Path = readonly string[];

/** Where every value within a value stands, the whole first. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))];
}

interface Change {
  readonly kind: "put" | "drop" | "twice" | "add";
  readonly odd: unknown;
}

/** The body with the value at a path replaced, taken away, doubled in its list, or something put beside it. */
function changedAt<T>(body: T, path: Path, { kind, odd: value }: Change): T {
  const copy = structuredClone(body);
  const parent = path.slice(0, -1).reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], copy);
  const members = parent as Record<string, unknown>;
  const name = path.at(-1) as string;
  if (kind === "put") members[name] = value;
  else if (kind === "add") members[`${name}_new`] = value;
  else if (Array.isArray(parent))
    parent.splice(Number(name), kind === "drop" ? 1 : 0, ...(kind === "twice" ? [parent[Number(name)]] : []));
  else if (kind === "drop") delete members[name];
  return copy;
}

/** The body in every way in which the value at a path can be odd. */
export function changesAt<T>(body: T, path: Path): T[] {
  const kinds = (["drop", "twice", "add"] as const).map((kind) => changedAt(body, path, { kind, odd: 1 }));
  return [...ODD.map((value) => changedAt(body, path, { kind: "put", odd: value })), ...kinds];
}

/** One of the bodies with some changes, anywhere in it. */
export function changedBodies<T>(bodies: readonly T[]): fc.Arbitrary<T> {
  const change = fc.record({
    kind: fc.constantFrom<Change["kind"][]>("put", "put", "drop", "twice", "add"),
    at: fc.nat(5_000),
    odd,
  });
  return fc.tuple(fc.constantFrom(...bodies), fc.array(change, { minLength: 1, maxLength: 3 })).map(([body, changes]) =>
    changes.reduce((changed, { at, ...how }) => {
      const paths = pathsOf(changed).slice(1);
      return paths.length === 0 ? changed : changedAt(changed, paths[at % paths.length] as Path, how);
    }, body),
  );
}
