import { foldEmail } from "./buyer-identity.ts";
import {
  type ContractCase,
  type ContractSubject,
  check,
  checkState,
  equal,
  errorOf,
  orderFixture,
  read,
  readState,
  stable,
  stageWord,
} from "./contract-checks.ts";
import { netOfLine, refundedNet } from "./net.ts";
import type { OrderState } from "./order.ts";
import { DEFAULT_STORE_SETTINGS, PayloadError } from "./platform.ts";
import { SHARED_FACTS, type SharedFact, type SharedFactName } from "./shared-facts.ts";

/** Facts of money, and what no platform may hand on. */

export function sharedFactCases(subject: ContractSubject): ContractCase[] {
  return Object.entries<SharedFact>(SHARED_FACTS).flatMap(([name, fact]) => {
    const delivery = subject.facts[name as SharedFactName];
    if (delivery === null) return [];
    const run = () => {
      const state = readState(subject, delivery);
      checkState(state);
      const back = refundedNet(state);
      const bySku = (of: (line: OrderState["lines"][number]) => bigint) =>
        stable(Object.fromEntries(state.lines.filter(({ kind }) => kind === "product").map((line) => [line.sku, of(line)])));
      equal(bySku(netOfLine), stable(fact.net), "net by SKU");
      equal(
        bySku(({ lineId }) => back.get(lineId) ?? 0n),
        stable(fact.refunded),
        "refunded net by SKU",
      );
      equal(stageWord(state), fact.stage ?? "earned", "stage");
    };
    return [{ name: `shared fact: ${fact.says}`, run }];
  });
}

export function edgeCases(subject: ContractSubject): ContractCase[] {
  return [
    {
      name: "buyer: a distributor who buys is known by their address, however it is written",
      run() {
        const identities = readState(subject, subject.ownPurchase).buyerIdentities ?? [];
        const folded = identities.filter(({ kind }) => kind === "email").map(({ value }) => foldEmail(value));
        check(folded.includes("anna@example.com"), `known by ${folded.join() || "no address"}`);
      },
    },
    {
      name: "edge: a line id that stands twice is refused, and the field is named",
      run() {
        const thrown = errorOf(() => read(subject, subject.lineTwice));
        check(thrown instanceof PayloadError, `gave ${thrown === null ? "a result" : String(thrown)}`);
        check(/\[1\]\.(item_)?id$/.test(thrown.path), `names ${thrown.path}`);
      },
    },
    {
      name: "edge: whatever stands in a field, the order is refused with a path, or can be stored and read again",
      run() {
        const { topic, body, settings = DEFAULT_STORE_SETTINGS } = subject.ownPurchase;
        let read = 0;
        for (const spoiled of spoiledBodies(JSON.parse(body))) {
          try {
            const said = subject.platform.normalise({ topic, body: spoiled, settings, now: new Date("2026-11-26T00:00:00Z") });
            if (said.kind === "order") checkStorable(said.state);
            read += 1;
          } catch (thrown) {
            check(thrown instanceof PayloadError && thrown.path !== "", `${String(thrown)} for ${spoiled.slice(0, 2000)}`);
          }
        }
        check(read > 0, "none of the spoiled bodies was read");
      },
    },
    {
      name: "edge: an order dated later than the day after tomorrow is refused",
      run() {
        const { topic, body, settings = DEFAULT_STORE_SETTINGS } = orderFixture(subject);
        const placed = Date.parse(readState(subject, orderFixture(subject)).placedAt);
        const seenAt = (days: number) => () =>
          subject.platform.normalise({ topic, body, settings, now: new Date(placed + days * 86_400_000) });
        check(errorOf(seenAt(-4)) instanceof PayloadError, "four days ahead was read");
        equal(errorOf(seenAt(1)), null, "an order of yesterday");
      },
    },
  ];
}

/** What senders, attackers and broken plugins put where something else belongs. */
const NASTY: readonly unknown[] = [
  null,
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "x".repeat(5000),
  "9".repeat(300),
  -1,
  0.1,
  1e21,
  "1e99",
  "-1e99",
  "99999999999999999999",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "2026-02-31T00:00:00Z",
  [],
  {},
  [null],
  true,
  "__proto__",
  "constructor",
];

/** The body with one field at a time replaced by each of them, and with each list doubled. */
function* spoiledBodies(root: unknown): Generator<string> {
  for (const path of pathsOf(root)) {
    for (const value of NASTY) yield JSON.stringify(replaced(root, path, () => value));
    yield JSON.stringify(replaced(root, path, (old) => (Array.isArray(old) ? [...old, ...old] : undefined)));
  }
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  const below = Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]));
  return path.length === 0 ? below : [[...path], ...below];
}

function replaced(value: unknown, path: readonly string[], by: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by(value);
  const copy = Array.isArray(value) ? [...value] : { ...(value as Record<string, unknown>) };
  const member = (copy as Record<string, unknown>)[key];
  (copy as Record<string, unknown>)[key] = replaced(member, rest, by);
  return copy;
}

/** As `checkState`, and what a database takes: no NUL or half characters, sums below 2^63. */
function checkStorable(state: OrderState): void {
  checkState(state);
  const text = stable(state);
  check(!text.includes("\\u0000") && !/\\ud[89a-f]/i.test(text), "a NUL or half a character is in the state");
  const largest = [...state.lines.map(netOfLine), state.totalMinor, ...refundedNet(state).values()];
  check(
    largest.every((minor) => minor <= 2n ** 62n),
    "an amount is too large to be summed",
  );
}
