import fc from "fast-check";
import { expect, test } from "vitest";
import { changedBodies, changesAt, type Path } from "./bodies.ts";
import { runs } from "./runs.ts";

interface Schema {
  safeParse(value: unknown): { readonly data?: unknown; readonly error?: { readonly issues: unknown } | undefined };
}

interface Reader {
  /** What is read, such as "an order". */
  readonly what: string;
  /** Null where it is declined. */
  readonly byHand: (body: unknown) => unknown;
  readonly schema: Schema;
  /** What is usual: each must be read by hand. */
  readonly bodies: readonly unknown[];
  /** Of one change of one member, how many bodies at least both can read; and of so many changes at random. */
  readonly readable: { readonly members: number; readonly changes: number };
}

/**
 * Tests that hold a reader by hand to its schema: what is usual is read by hand and by the schema alike, and nothing is ever
 * accepted that the schema refuses, or read in another way, whatever stands in the place of any member that is read.
 */
export function readsAsItsSchema({ what, byHand, schema, bodies, readable }: Reader): void {
  function isAgreed(body: unknown): boolean {
    const read = byHand(body);
    if (read === null) return false;
    const bySchema = schema.safeParse(body);
    expect(bySchema.error?.issues).toBeUndefined();
    expect(read).toEqual(bySchema.data);
    return true;
  }

  test(`${what}: what is usual is read by hand, as the schema reads it`, () => {
    expect(bodies.map(isAgreed)).toStrictEqual(bodies.map(() => true));
  });

  test(`${what}: whatever stands in the place of any one member that is read, or where it is gone, both read the same`, () => {
    const changed = membersRead(schema, bodies).flatMap(({ body, path }) => changesAt(body, path));
    expect(changed.filter(isAgreed).length).toBeGreaterThan(readable.members);
  });

  test(`${what}: of any change of a fixture what is read by hand is what the schema reads`, () => {
    let agreed = 0;
    const { numRuns } = runs(300);
    fc.assert(
      fc.property(changedBodies(bodies), (body) => {
        if (isAgreed(body)) agreed++;
      }),
      { numRuns },
    );
    expect(agreed).toBeGreaterThan((readable.changes * numRuns) / 300);
  });
}

/** Every member that the schema reads, also where it is missing, in the first body that has what it belongs to. */
function membersRead(schema: Schema, bodies: readonly unknown[]): { readonly body: unknown; readonly path: Path }[] {
  const found = new Map<string, { readonly body: unknown; readonly path: Path }>();
  for (const body of bodies) {
    const told = (path: Path) => {
      // Of a list's entries the first of each body stands for all.
      const kind = path.map((name) => (/^\d+$/.test(name) ? "*" : name)).join(".");
      if (!found.has(kind)) found.set(kind, { body, path });
    };
    schema.safeParse(watched(body, [], told));
  }
  return [...found.values()];
}

/** The value, telling where each of its members stands that is asked for. */
function watched(value: unknown, path: Path, told: (path: Path) => void): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, name, receiver) {
      const member = Reflect.get(target, name, receiver);
      if (typeof name === "symbol" || (Array.isArray(target) && !/^\d+$/.test(name)) || name in Object.prototype) return member;
      const at = [...path, name];
      told(at);
      return watched(member, at, told);
    },
  });
}
