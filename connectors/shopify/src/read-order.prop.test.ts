import { type JsonObject, parseBody, parseJson } from "@upline/core";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fixtures } from "../fixtures/load.ts";
import { orderPayload } from "./payloads.ts";
import { readByHand } from "./read-order.ts";

const ORDERS = fixtures.map(({ body }) => parseBody(body)).filter((body) => "line_items" in body);
/** Without refunds, which are left to the schema: so that changes of what is read by hand are tried. */
const TRIED = ORDERS.map((order) => ({ ...order, refunds: [] }));

/** What a shop, an app or a fault may put in a member's place. */
const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    "",
    "0",
    "-1.50",
    "12.3456",
    " 1",
    "1 ",
    "1\n",
    "1e3",
    "NaN",
    ".5",
    "1.",
    "+1",
    "7".repeat(40),
    "7".repeat(41),
  ],
  ...[0, -0, -1, 1.5, 0.1234567890123, 1e21, 2 ** 53, Number.POSITIVE_INFINITY, parseJson("[12345678901234567890123]")],
  ...[[], {}, [null], [{}], [[]], "EUR", "eur", "EURO", "\u0000", "\ud800", "٣"],
  ...[
    "2026-02-29T10:00:00Z",
    "2024-02-29T10:00:00Z",
    "2026-11-31T10:00:00Z",
    "2026-11-30T24:00:00Z",
    "2026-11-30T10:00Z",
    "2026-13-01T10:00:00Z",
  ],
  ...[
    "2026-11-30T10:00:00+01:00",
    "2026-11-30T10:00:00+24:00",
    "2026-11-30T10:00:00.1234567Z",
    "2026-11-30 10:00:00",
    "2026-11-30T10:00:00",
  ],
];
const odd = fc.oneof(fc.constantFrom(...ODD), fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: "binary" }));

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))];
}

type Change = { readonly kind: "put" | "drop" | "twice" | "add"; readonly at: number; readonly odd: unknown };

/** The body with one member put in another's place, taken away, doubled or added. */
function changed(order: JsonObject, { at, ...change }: Change): JsonObject {
  const paths = pathsOf(order).slice(1);
  return changedAt(order, paths[at % paths.length] as Path, change);
}

function changedAt(order: JsonObject, path: Path, { kind, odd: value }: Omit<Change, "at">): JsonObject {
  const copy = structuredClone(order) as Record<string, unknown>;
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

const change = fc.record({
  kind: fc.constantFrom<Change["kind"][]>("put", "put", "drop", "twice", "add"),
  at: fc.nat(5_000),
  odd,
});

test("fixtures without refunds are read by hand, as the schema reads them", () => {
  expect(TRIED.length).toBeGreaterThan(10);
  for (const order of TRIED) expect(readByHand(order)).toEqual(orderPayload.parse(order));
});

test("an order with refunds is left to the schema", () => {
  const refunded = ORDERS.filter(({ refunds }) => Array.isArray(refunds) && refunds.length > 0);
  expect(refunded.length).toBeGreaterThan(3);
  for (const order of refunded) expect(readByHand(order)).toBeNull();
});

/** What is read by hand is what the schema reads, and nothing that it refuses. */
function expectAgreement(body: JsonObject): boolean {
  const byHand = readByHand(body);
  if (byHand === null) return false;
  const bySchema = orderPayload.safeParse(body);
  expect(bySchema.error?.issues).toBeUndefined();
  expect(byHand).toEqual(bySchema.data);
  return true;
}

test("whatever stands in the place of any one member that is read, or where it is gone, both read the same", () => {
  const order = TRIED.reduce((largest, next) => (readMembers(next).length > readMembers(largest).length ? next : largest));
  let readable = 0;
  for (const path of readMembers(order)) {
    for (const value of ODD) if (expectAgreement(changedAt(order, path, { kind: "put", odd: value }))) readable++;
    for (const kind of ["drop", "twice", "add"] as const)
      if (expectAgreement(changedAt(order, path, { kind, odd: 1 }))) readable++;
  }
  expect(readable).toBeGreaterThan(500);
});

/** Where the members stand that the schema reads. */
const readMembers = (order: JsonObject): Path[] => pathsOf(orderPayload.parse(order)).slice(1);

test("property: of any change of a fixture what is read by hand is what the schema reads", () => {
  let readable = 0;
  fc.assert(
    fc.property(fc.constantFrom(...ORDERS, ...TRIED), fc.array(change, { minLength: 1, maxLength: 3 }), (order, changes) => {
      if (expectAgreement(changes.reduce(changed, order))) readable++;
    }),
    runs(300),
  );
  expect(readable).toBeGreaterThan(50);
});
