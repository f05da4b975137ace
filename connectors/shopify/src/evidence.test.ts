import { DEFAULT_STORE_SETTINGS, type StoreSettings } from "@upline/core";
import { expect, test } from "vitest";
import { evidenceOf } from "./evidence.ts";
import { orderPayload } from "./payloads.ts";

const evidence = (fields: object, settings: StoreSettings = DEFAULT_STORE_SETTINGS) =>
  evidenceOf(
    orderPayload.parse({
      id: 1,
      currency: "EUR",
      taxes_included: false,
      updated_at: "2026-11-02T10:15:00Z",
      line_items: [],
      ...fields,
    }),
    settings,
  ).map(({ source, code, where }) => `${source} ${code} ${where}`);

test("only discounts given by a code are codes", () => {
  const kinds = ["manual", "automatic", "script", "discount_code"].map((type) => ({ type, code: "MAYA21", title: "MAYA21" }));
  expect(evidence({ discount_applications: kinds, discount_codes: [{ code: "OTHER" }] })).toStrictEqual([
    "discount-code MAYA21 discount_applications[3]",
  ]);
});

test("attributes are read by the store's keys, best first, and marked where the checkout wrote them", () => {
  const note_attributes = [
    { name: "ref", value: "LAST" },
    { name: "_ref_code", value: "  MAYA21 " },
    { name: "colour", value: null },
    { name: 7, value: { deep: [] } },
    null,
  ];
  expect(evidence({ note_attributes })).toStrictEqual([
    "cart-attribute MAYA21 note_attributes._ref_code",
    "cart-attribute LAST note_attributes.ref",
  ]);
  expect(
    evidence(
      { note_attributes: [...note_attributes, { name: "source", value: "checkout" }] },
      { refParameter: "ref", refKeys: ["_ref_code"] },
    ),
  ).toStrictEqual(["checkout-field MAYA21 note_attributes._ref_code"]);
});

test("lines that agree are told once, lines that disagree each", () => {
  const line = (id: number, code: string) => ({ id, quantity: 1, properties: [{ name: "_ref_code", value: code }] });
  expect(evidence({ line_items: [line(1, "A1"), line(2, "A1"), line(3, "B2")] })).toStrictEqual([
    "line-property A1 line_items.1._ref_code",
    "line-property B2 line_items.3._ref_code",
  ]);
});

test("landing pages: path, whole address, discount link that leads on, another parameter", () => {
  const landed = (landing_site: string | null, refParameter = "ref") => evidence({ landing_site }, { refParameter, refKeys: [] });
  expect(landed("/?ref=MAYA21")).toStrictEqual(["landing-site MAYA21 landing_site.ref"]);
  expect(landed("https://shop.example/products/kit?a=b&ref=MAYA%2021#top")).toStrictEqual([
    "landing-site MAYA 21 landing_site.ref",
  ]);
  expect(landed("/discount/MAYA21?redirect=%2Fproducts%2Fkit%3Fref%3DMAYA21")).toStrictEqual([
    "landing-site MAYA21 landing_site.ref",
  ]);
  expect(landed("/discount/MAYA21?redirect=/products/kit?ref=MAYA21")).toStrictEqual(["landing-site MAYA21 landing_site.ref"]);
  expect(landed("/?partner=J7", "partner")).toStrictEqual(["landing-site J7 landing_site.partner"]);
  for (const nothing of [null, "", "/", "/?ref=", "/?ref=%20", "/?preference=x", "/#ref=MAYA21", `/?ref=${"x".repeat(256)}`])
    expect(landed(nothing)).toStrictEqual([]);
});

test("attributes of another shape are no evidence and no error", () => {
  for (const strange of [
    "text",
    7,
    { _ref_code: "MAYA21" },
    [["_ref_code", "MAYA21"]],
    [{ name: "_ref_code", value: { deep: 1 } }],
    [{ name: "_ref_code", value: null }],
  ]) {
    expect(
      evidence({ note_attributes: strange, line_items: [{ id: 1, quantity: 1, properties: strange }] }),
      JSON.stringify(strange),
    ).toStrictEqual([]);
  }
});
