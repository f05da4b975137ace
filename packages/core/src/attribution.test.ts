import assert from "node:assert/strict";
import { test } from "node:test";
import { attribute, DEFAULT_EVIDENCE_ORDER, foldCode } from "./attribution.ts";
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
  assert.equal(result.distributorId, "D1");
  assert.deepEqual(
    result.candidates.map((one) => [one.source, one.outcome]),
    [
      ["discount-code", "not-a-referral-code"],
      ["cart-attribute", "chosen"],
      ["landing-site", "outranked"],
    ],
  );
  assert.equal(result.unresolved, false);
});

test("a company may rank the evidence otherwise", () => {
  const evidence = [from("landing-site", "BOB7"), from("cart-attribute", "ANNA77")];
  assert.equal(decide(evidence, ["landing-site", "cart-attribute"]).distributorId, "D2");
});

test("a code that leads to nobody leaves the order unresolved; a mere discount does not", () => {
  assert.equal(decide([from("cart-attribute", "NOBODY")]).unresolved, true);
  assert.equal(decide([from("cart-attribute", "GONE")]).candidates[0]?.outcome, "not-eligible");
  assert.equal(decide([from("discount-code", "WELCOME10")]).unresolved, false);
  assert.equal(decide([]).unresolved, false);
});

test("lines that name different distributors are for a person to decide", () => {
  const result = decide([from("line-property", "ANNA77"), from("line-property", "BOB7")]);
  assert.equal(result.distributorId, null);
  assert.equal(result.unresolved, true);
  assert.ok(result.candidates.every((one) => one.outcome === "contradicts-itself"));
  assert.equal(decide([from("line-property", "ANNA77"), from("line-property", "anna77")]).distributorId, "D1");
});

test("codes fold by NFKC, case and surrounding space", () => {
  assert.equal(foldCode("  ＡＮＮＡ77 "), "anna77");
});
