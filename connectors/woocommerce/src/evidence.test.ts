import { DEFAULT_STORE_SETTINGS, type Evidence } from "@upline/core";
import { expect, test } from "vitest";
import { restOrder as shape } from "../fixtures/plugin.ts";
import { recordedDelivery } from "../fixtures/recorded.ts";
import { evidenceOf, nobodyOf } from "./evidence.ts";
import { restOrder } from "./payloads.ts";

const LINE = { id: 1, sku: "A", product_id: 7, quantity: 1, subtotal: "10", total: "10", total_tax: "0" };
const of = (order: unknown, settings = DEFAULT_STORE_SETTINGS): Evidence[] => evidenceOf(restOrder.parse(order), settings);
const recorded = (seq: number) => of(JSON.parse(recordedDelivery(seq).rawBody)).map(({ source, code }) => `${source} ${code}`);
const withMeta = (meta: Record<string, unknown>, over = {}) =>
  of(
    shape([LINE], {
      total: "10",
      meta_data: Object.entries(meta).map(([key, value], index) => ({ id: index + 1, key, value })),
      ...over,
    }),
  );

test("recorded orders: the code of every path of the checkout, coupons, and the landing page", () => {
  expect(recorded(15)).toStrictEqual(["cart-attribute ANNA77", "discount-code welcome10"]);
  expect(recorded(18)).toStrictEqual(["cart-attribute CARLA9", "landing-site CARLA9"]);
  expect(recorded(20)).toStrictEqual(["cart-attribute REST1", "discount-code fiveoff"]);
  expect(recorded(34)).toStrictEqual(["cart-attribute EXT42"]);
  expect(recorded(191)).toStrictEqual(["cart-attribute HEAD7"]);
  expect(recorded(200)).toStrictEqual(["cart-attribute BLOCK5", "landing-site BLOCK5"]);
});

test("the plugin says how it came by the code", () => {
  const sources = ["cookie", "path", "checkout-field", "coupon", "admin", "renewal", "unheard of"].map(
    (via) => withMeta({ _upline_ref_code: "ANNA77", _upline_ref_via: via })[0]?.source,
  );
  expect(sources).toStrictEqual([
    "cart-attribute",
    "cart-attribute",
    "checkout-field",
    "discount-code",
    "manual",
    "cart-attribute",
    "cart-attribute",
  ]);
});

test("other fields of the store's settings, best first, on the order and on its lines", () => {
  const settings = { refParameter: "via", refKeys: ["consultant", "_ref_code"] };
  const order = shape([{ ...LINE, meta_data: [{ key: "consultant", value: "LINE1" }] } as never], {
    total: "10",
    meta_data: [
      { key: "_ref_code", value: "SECOND" },
      { key: "consultant", value: 1042 },
      { key: "_wc_order_attribution_session_entry", value: "/shop/?ref=NO&via=YES" },
    ],
  });
  expect(of(order, settings)).toStrictEqual([
    { source: "cart-attribute", code: "1042", where: "meta_data consultant" },
    { source: "cart-attribute", code: "SECOND", where: "meta_data _ref_code" },
    { source: "line-property", code: "LINE1", where: "line_items 1 consultant" },
    { source: "landing-site", code: "YES", where: "_wc_order_attribution_session_entry" },
  ]);
});

test("one code is named once per source; what is no code is no evidence", () => {
  expect(withMeta({ _upline_ref_code: "ANNA77", _ref_code: "ANNA77" }).length).toBe(1);
  for (const value of ["", "  ", null, true, {}, "x".repeat(256)])
    expect(withMeta({ _upline_ref_code: value })).toStrictEqual([]);
  expect(withMeta({ _wc_order_attribution_session_entry: "http://[" })).toStrictEqual([]);
  expect(withMeta({ _wc_order_attribution_session_entry: "https://shop.example/?utm_source=x" })).toStrictEqual([]);
});

test("everything else the plugin saw comes after the code it chose", () => {
  const touch = {
    first: { code: "FIRST1", at: "2026-11-01T00:00:00Z", path: "/" },
    last: { code: "LAST1", at: "2026-11-02T00:00:00Z", path: "/r/LAST1" },
    candidates: [
      { via: "checkout-field", code: "FIELD1" },
      { via: "coupon", code: "COUPON1" },
      { via: "path", code: "LAST1" },
      "?",
    ],
  };
  const meta = { _upline_ref_code: "FIELD1", _upline_ref_via: "checkout-field", _upline_ref_touch: JSON.stringify(touch) };
  expect(withMeta(meta).map(({ source, code, where }) => [source, code, where])).toStrictEqual([
    ["checkout-field", "FIELD1", "meta_data _upline_ref_code"],
    ["discount-code", "COUPON1", "_upline_ref_touch"],
    ["cart-attribute", "LAST1", "_upline_ref_touch"],
    ["cart-attribute", "FIRST1", "_upline_ref_touch"],
  ]);
  for (const value of ["{", "[]", "7", { candidates: "x" }, null])
    expect(withMeta({ _upline_ref_touch: value })).toStrictEqual([]);
});

test("who says that nobody is paid is told with the evidence, which stays to be seen", () => {
  const meta = { _upline_ref_nobody: "buyer", _ref_code: "ANNA77", _wc_order_attribution_session_entry: "/?ref=CARLA9" };
  expect(withMeta(meta).map(({ source, code }) => `${source} ${code}`)).toStrictEqual([
    "cart-attribute ANNA77",
    "landing-site CARLA9",
  ]);
  const said = (value: unknown) =>
    nobodyOf(restOrder.parse(shape([LINE], { total: "10", meta_data: [{ id: 1, key: "_upline_ref_nobody", value }] })));
  expect(said("buyer")).toStrictEqual({ nobody: "buyer" });
  expect(said("shop")).toStrictEqual({ nobody: "shop" });
  for (const value of ["", "me", 1, null, {}]) expect(said(value)).toStrictEqual({});
});
