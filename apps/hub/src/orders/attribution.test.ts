import { type Evidence, type OrderState, SkuMap } from "@upline/core";
import { assert, describe, expect, it } from "vitest";
import { countryOf } from "../network/network.ts";
import { bytesOf } from "../network/text-index.ts";
import { hashesOf } from "./buyers.ts";
import { type DecideInput, decide } from "./decide.ts";
import { Directory } from "./directory.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";
import { writeSnapshot } from "./snapshot-text.ts";

/** Who owns an order after a person has decided it, and what of the buyer is kept. */

function directoryOf(codes: Readonly<Record<string, number>>): Directory {
  const directory = new Directory("a test's key");
  const enrolledAt = Date.parse("2026-01-01T00:00:00Z");
  for (const [index, distributorId] of ["1001", "1002", "1003"].entries())
    directory.network.enrol(index + 1, { id: bytesOf(distributorId), enrolledAt, country: countryOf("US") });
  for (const [foldedCode, owner] of Object.entries(codes)) directory.network.nameCode(bytesOf(foldedCode), owner);
  directory.skuMap = new SkuMap([]);
  return directory;
}

function stateOf(minute: number, evidence: Evidence[], buyer: string | null = null): OrderState {
  return {
    platform: "woocommerce",
    orderId: "71",
    orderName: "#71",
    revision: { at: `2026-06-01T12:${String(minute).padStart(2, "0")}:00Z`, tie: "" },
    placedAt: "2026-06-01T12:00:00Z",
    stage: { kind: "earned" },
    platformStatus: "processing",
    currency: "USD",
    totalMinor: 1000n,
    lines: [],
    refunds: [],
    buyer,
    evidence,
  };
}

const DIRECTORY = directoryOf({ maya: 1, ben: 2, zoe: 3 });
const code = (text: string): Evidence => ({ source: "cart-attribute", code: text, where: "note" });
const byShop = (text: string): Evidence => ({ source: "manual", code: text, where: "admin" });

function next(before: Snapshot | null, input: Pick<DecideInput, "states"> & { reattributeTo?: string | null }): Snapshot {
  const heard = hashesOf(input.states, "s", DIRECTORY);
  const facts = { refunds: new Map(), deleted: false };
  const decision = decide({ before, heard, facts, directory: DIRECTORY, ...input });
  assert.ok(decision);
  // Through the stored text and back, as between two deliveries.
  return readSnapshot(writeSnapshot(decision.snapshot).text);
}

const ownerOf = (snapshot: Snapshot) => snapshot.locked.attribution.distributorId;

describe("an order's owner after a person decided", () => {
  it("stays cleared when the order is processed again, and when the shop sends it again", () => {
    const first = next(null, { states: [stateOf(1, [code("MAYA")])] });
    expect(ownerOf(first)).toBe("1001");
    const cleared = next(first, { states: [], reattributeTo: null });
    expect(ownerOf(cleared)).toBe(null);
    expect(ownerOf(next(cleared, { states: [] }))).toBe(null);
    expect(ownerOf(next(cleared, { states: [stateOf(2, [code("MAYA")])] }))).toBe(null);
  });

  it("is not taken back by the shop's own older decision, but by a new one", () => {
    const first = next(null, { states: [stateOf(1, [byShop("MAYA")])] });
    expect(ownerOf(first)).toBe("1001");
    const moved = next(first, { states: [], reattributeTo: "1002" });
    expect(ownerOf(moved)).toBe("1002");
    expect(ownerOf(next(moved, { states: [] }))).toBe("1002");
    const sentAgain = next(moved, { states: [stateOf(2, [byShop("MAYA")])] });
    expect(ownerOf(sentAgain)).toBe("1002");
    expect(ownerOf(next(sentAgain, { states: [stateOf(3, [byShop("ZOE")])] }))).toBe("1003");
  });

  it("keeps every candidate of the evidence with the reason it lost", () => {
    const first = next(null, { states: [stateOf(1, [code("MAYA"), code("NOBODY")])] });
    const moved = next(first, { states: [], reattributeTo: "1002" });
    expect(moved.locked.attribution.candidates.map((one) => [one.source, one.code, one.outcome])).toStrictEqual([
      ["manual", "1002", "chosen"],
      ["cart-attribute", "MAYA", "outranked"],
      ["cart-attribute", "NOBODY", "unknown-code"],
    ]);
  });
});

describe("a snapshot", () => {
  it("holds the buyer as a keyed hash only", () => {
    const first = next(null, { states: [stateOf(1, [], "email:jane@example.com")] });
    expect(writeSnapshot(first).text).not.toMatch(/jane/);
    expect(first.locked.buyerHash).toBe(DIRECTORY.hashBuyer("email:jane@example.com"));
    expect(next(first, { states: [] }).locked.buyerHash).toBe(first.locked.buyerHash);
  });
});
