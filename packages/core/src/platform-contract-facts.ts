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
