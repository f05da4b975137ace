import { assert, expect, test } from "vitest";
import { attribute, DEFAULT_EVIDENCE_ORDER } from "./attribution.ts";
import type { Evidence, EvidenceSource } from "./order.ts";

const owners: Record<string, { distributorId: string; eligible: boolean }> = {
  anna77: { distributorId: "D1", eligible: true },
  bob7: { distributorId: "D2", eligible: true },
  gone: { distributorId: "D3", eligible: false },
};
const decide = (evidence: Evidence[], order = DEFAULT_EVIDENCE_ORDER) =>
  attribute({ evidence, order, findByCode: (code) => owners[code] ?? null });
const from = (source: EvidenceSource, code: string): Evidence => ({ source, code, where: source });

test("the stronger evidence wins, and every candidate says why it lost", () => {
  const result = decide([from("landing-site", "BOB7"), from("cart-attribute", " Anna77 "), from("discount-code", "WELCOME10")]);
  expect(result.distributorId).toBe("D1");
  expect(result.candidates.map((candidate) => [candidate.source, candidate.outcome])).toStrictEqual([
    ["discount-code", "not-a-referral-code"],
    ["cart-attribute", "chosen"],
    ["landing-site", "outranked"],
  ]);
  expect(result.unresolved).toBe(false);
});

test("a company may rank the evidence otherwise", () => {
  const evidence = [from("landing-site", "BOB7"), from("cart-attribute", "ANNA77")];
  expect(decide(evidence, ["landing-site", "cart-attribute"]).distributorId).toBe("D2");
});

test("a code that leads to nobody leaves the order unresolved; a mere discount does not", () => {
  expect(decide([from("cart-attribute", "NOBODY")]).unresolved).toBe(true);
  expect(decide([from("cart-attribute", "GONE")]).candidates[0]?.outcome).toBe("not-eligible");
  expect(decide([from("discount-code", "WELCOME10")]).unresolved).toBe(false);
  expect(decide([]).unresolved).toBe(false);
});

test("lines that name different distributors are for a person to decide", () => {
  const result = decide([from("line-property", "ANNA77"), from("line-property", "BOB7")]);
  expect(result.distributorId).toBe(null);
  expect(result.unresolved).toBe(true);
  assert.ok(result.candidates.every((candidate) => candidate.outcome === "contradicts-itself"));
  expect(decide([from("line-property", "ANNA77"), from("line-property", "anna77")]).distributorId).toBe("D1");
});

test("a buyer who says that nobody referred them is not a link's, and still a coupon's", () => {
  const links = [from("cart-attribute", "ANNA77"), from("landing-site", "BOB7")];
  const declined = attribute({
    evidence: links,
    order: DEFAULT_EVIDENCE_ORDER,
    findByCode: (code) => owners[code] ?? null,
    nobody: "buyer",
  });
  expect(declined.candidates.map(({ outcome }) => outcome)).toStrictEqual(["declined", "declined"]);
  expect([declined.distributorId, declined.unresolved]).toStrictEqual([null, false]);
  for (const source of ["discount-code", "checkout-field", "line-property", "manual"] as const) {
    const evidence = [...links, from(source, "BOB7")];
    const found = attribute({
      evidence,
      order: DEFAULT_EVIDENCE_ORDER,
      findByCode: (code) => owners[code] ?? null,
      nobody: "buyer",
    });
    expect(found.distributorId, source).toBe("D2");
  }
});

test("the shop's people decide for nobody as they decide for somebody", () => {
  const evidence = [from("discount-code", "BOB7"), from("cart-attribute", "NOBODY")];
  const found = attribute({
    evidence,
    order: DEFAULT_EVIDENCE_ORDER,
    findByCode: (code) => owners[code] ?? null,
    nobody: "shop",
  });
  expect([found.distributorId, found.unresolved]).toStrictEqual([null, false]);
  expect(found.candidates.map(({ source, code, outcome }) => [source, code, outcome])).toStrictEqual([
    ["manual", "", "chosen"],
    ["discount-code", "BOB7", "outranked"],
    ["cart-attribute", "NOBODY", "unknown-code"],
  ]);
});

test("what came beside the order never decides, whatever its rank, and is judged like all evidence", () => {
  const beside: Evidence[] = [
    { source: "web-pixel", code: "ANNA", where: "pixel 1" },
    { source: "buyer-claim", code: "nobody's", where: "claim 2" },
  ];
  for (const order of [DEFAULT_EVIDENCE_ORDER, ["web-pixel", "buyer-claim"] as const]) {
    const judged = attribute({ evidence: beside, order, findByCode: () => null });
    expect(judged.distributorId).toBeNull();
    expect(judged.candidates.map(({ outcome }) => outcome)).toStrictEqual(["unknown-code", "unknown-code"]);
    const known = attribute({ evidence: beside, order, findByCode: () => ({ distributorId: "D1", eligible: true }) });
    expect([known.distributorId, known.unresolved]).toStrictEqual([null, true]);
    expect(known.candidates.map(({ outcome }) => outcome)).toStrictEqual(["not-alone", "not-alone"]);
  }
});
