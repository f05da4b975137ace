import { expect, test } from "vitest";
import { commissionableLine, parseVolumeRule, SkuMap, type SkuMapping } from "./catalog.ts";
import type { OrderLine } from "./order.ts";

const row = (more: Partial<SkuMapping>): SkuMapping => ({
  skuId: "KIT",
  platform: "shopify",
  platformSku: "KIT-1",
  variantId: "11",
  commissionClass: "standard",
  pv: "25",
  qv: "25",
  cv: "80%",
  retailMargin: null,
  validFrom: "1970-01-01T00:00:00Z",
  ...more,
});
const line = (more: Partial<OrderLine> = {}): OrderLine => ({
  lineId: "1",
  kind: "product",
  variantId: "11",
  productId: null,
  sku: "KIT-1",
  name: "Starter Kit",
  quantity: 2,
  grossMinor: 10_000n,
  discountMinor: 1_000n,
  includedTaxMinor: 0n,
  ...more,
});
const at = "2026-06-01T00:00:00Z";

test("the variant id decides before the SKU, and a name never does", () => {
  const map = new SkuMap([row({ skuId: "BY-VARIANT" }), row({ skuId: "BY-SKU", variantId: null, platformSku: "OTHER" })]);
  expect(map.find({ platform: "shopify", line: line({ sku: "OTHER" }), at })?.skuId).toBe("BY-VARIANT");
  expect(map.find({ platform: "shopify", line: line({ variantId: null, sku: "OTHER" }), at })?.skuId).toBe("BY-SKU");
  expect(map.find({ platform: "shopify", line: line({ variantId: null, sku: "" }), at })).toBe(null);
  expect(map.find({ platform: "magento", line: line(), at })).toBe(null);
});

test("the mapping in force at the order's time counts", () => {
  const map = new SkuMap([row({ skuId: "OLD" }), row({ skuId: "NEW", validFrom: "2026-05-01T00:00:00Z" })]);
  expect(map.find({ platform: "shopify", line: line(), at: "2026-04-30T23:59:59Z" })?.skuId).toBe("OLD");
  expect(map.find({ platform: "shopify", line: line(), at: "2026-05-01T00:00:00Z" })?.skuId).toBe("NEW");
});

test("volumes are per unit or of net, in ten-thousandths for the whole line", () => {
  const result = commissionableLine({ line: line(), mapping: row({ pv: "12.5", retailMargin: "8.00" }), currency: "EUR" });
  expect([result.pv, result.qv, result.cv, result.netMinor, result.retailMarginMinor]).toStrictEqual([
    250_000n,
    500_000n,
    720_000n,
    9_000n,
    1_600n,
  ]);
  const yen = commissionableLine({ line: line({ grossMinor: 100n, discountMinor: 0n }), mapping: row({}), currency: "JPY" });
  expect(yen.cv).toBe(800_000n);
});

test("a volume that is no number or negative is refused", () => {
  expect(() => parseVolumeRule("12,5")).toThrow(/"12,5"/);
  expect(() => parseVolumeRule("-1")).toThrow(/negative/);
});

test("a line whose volume no close could sum is refused by its id", () => {
  const volumes = { pv: "1000", qv: "1000", cv: "1000" };
  const most = commissionableLine({ line: line({ quantity: 10_000_000 }), mapping: row(volumes), currency: "EUR" });
  expect(most.pv).toBe(10n ** 14n);
  const more = { ...volumes, cv: "1000.0001" };
  expect(() => commissionableLine({ line: line({ quantity: 10_000_000 }), mapping: row(more), currency: "EUR" })).toThrow(
    /the volume of line "1" is larger than any close can sum: check its quantity/,
  );
});
