import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KnownProducts } from "./known-products.ts";
import type { Mapping } from "./queries.ts";

/** What is found by indexes is what a look at every product finds. */

const pieces = fc.constantFrom("SLP", "50", "2", "DR", "-", "_", " ", ".", "/");
const words = fc.constantFrom("sleep", "Drops", "50", "ml", "pair", "Öl", "(", "-");
const sku = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(""));
const name = fc.array(words, { maxLength: 5 }).map((parts) => parts.join(" "));
const commissionClass = fc.constantFrom("products", "digital", "gone");
const classes = new Set(["products", "digital"]);

const rows = fc.array(fc.record({ platformSku: sku, name, commissionClass }), { maxLength: 12 }).map((all) =>
  all.map((each): Mapping => {
    const more = { skuId: "A", platform: "magento", variantId: null, category: "", pv: "0", qv: "0", cv: "0" } as const;
    return { ...each, ...more, retailMargin: null, validFrom: new Date(0) };
  }),
);

const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

function likeSku(known: readonly Mapping[], wanted: string): Mapping | null {
  let best: Mapping | null = null;
  for (const row of known) {
    const { platformSku } = row;
    if (platformSku.length < 3 || !wanted.startsWith(platformSku) || !/^[-_./ ]/.test(wanted.slice(platformSku.length))) continue;
    if (classes.has(row.commissionClass) && (best === null || platformSku.length > best.platformSku.length)) best = row;
  }
  return best;
}

function likeName(known: readonly Mapping[], wanted: string): Mapping | null {
  const asked = wordsOf(wanted);
  let best: { row: Mapping; alike: number } | null = null;
  for (const row of known) {
    const theirs = wordsOf(row.name);
    const alike = (2 * [...asked].filter((word) => theirs.has(word)).length) / (asked.size + theirs.size);
    if (classes.has(row.commissionClass) && alike >= 0.6 && (best === null || alike > best.alike)) best = { row, alike };
  }
  return best?.row ?? null;
}

test("by SKU and by name, one asking after the other", () => {
  fc.assert(
    fc.property(rows, fc.array(fc.tuple(sku, name), { minLength: 1, maxLength: 5 }), (known, asked) => {
      const products = new KnownProducts(known);
      for (const [ofSku, ofName] of asked) {
        expect(products.likeSku(ofSku, classes)).toBe(likeSku(known, ofSku));
        expect(products.likeName(ofName, classes)).toBe(likeName(known, ofName));
      }
    }),
    runs(500),
  );
});
