import { DEFAULT_STORE_SETTINGS } from "@upline/core";
import { expect, test } from "vitest";
import { order } from "../fixtures/facts.ts";
import { moduleBody } from "../fixtures/recorded.ts";
import { magento } from "./index.ts";

const said = (extension_attributes: unknown, more: Readonly<Record<string, unknown>> = {}) => {
  const body = moduleBody({ timestamp: "2026-11-25T10:00:00.250Z", order: order({ extension_attributes, ...more }) });
  const read = magento.normalise({ topic: "order.updated", body, settings: DEFAULT_STORE_SETTINGS });
  if (read.kind !== "order") throw new Error(read.kind);
  return { evidence: read.state.evidence.map(({ source, code }) => [source, code]), nobody: read.state.nobody };
};

test("what the module writes on an order is evidence of the kind that its way says", () => {
  const touch = {
    candidates: [
      { via: "checkout-field", code: "BEN12" },
      { via: "cookie", code: "ANNA77" },
    ],
    last: { code: "ANNA77" },
  };
  expect(
    said({ upline_ref_code: "BEN12", upline_ref_via: "checkout-field", upline_ref_touch: JSON.stringify(touch) }),
  ).toStrictEqual({
    evidence: [
      ["checkout-field", "BEN12"],
      ["cart-attribute", "ANNA77"],
    ],
    nobody: undefined,
  });
  expect(said({ upline_ref_code: "ANNA77", upline_ref_via: "admin" }).evidence).toStrictEqual([["manual", "ANNA77"]]);
  expect(said({ upline_ref_code: "BEN12", upline_ref_via: "coupon" }, { coupon_code: "SAVE10" }).evidence).toStrictEqual([
    ["discount-code", "BEN12"],
    ["discount-code", "SAVE10"],
  ]);
});

test("who has said that nobody is paid is told, and an empty set of attributes says nothing", () => {
  expect(said({ upline_ref_nobody: "buyer" })).toStrictEqual({ evidence: [], nobody: "buyer" });
  expect(said({ upline_ref_nobody: "shop" }).nobody).toBe("shop");
  expect(said([])).toStrictEqual({ evidence: [], nobody: undefined });
});

test("a delivery tells the shop's own address, so that a copy is known", () => {
  const body = JSON.stringify({ type: "order.updated", data: { order: order(), source: { url: "https://shop.example/tea" } } });
  expect(magento.sourceOfBody?.(body)).toBe("https://shop.example/tea");
});
