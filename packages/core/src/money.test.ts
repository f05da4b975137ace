import fc from "fast-check";
import { expect, test } from "vitest";
import {
  allocate,
  currencyExponent,
  divideFloor,
  divideHalfUp,
  formatAmount,
  isCurrency,
  isWholeAmount,
  MoneyError,
  parseAmount,
  parseDecimal,
} from "./money.ts";

test("amounts follow the currency's own decimals", () => {
  expect(parseAmount("53.45", "EUR")).toBe(5345n);
  expect(parseAmount("65", "JPY")).toBe(65n);
  expect(parseAmount("49.9000", "JPY")).toBe(50n);
  expect(parseAmount("39.430", "KWD")).toBe(39430n);
  expect(parseAmount("-53.45", "EUR")).toBe(-5345n);
  expect(parseAmount("83.3333", "USD")).toBe(8333n);
  expect(parseAmount("8.5e1", "USD")).toBe(8500n);
  expect(formatAmount(-5n, "EUR")).toBe("-0.05");
  expect(formatAmount(39430n, "KWD")).toBe("39.430");
  expect(formatAmount(65n, "JPY")).toBe("65");
  expect(currencyExponent("USD")).toBe(2);
});

test("what is no amount is refused with its text", () => {
  for (const text of ["", "12,50", "1.2.3", "NaN", "0x10", "--1", "1e400"])
    expect(() => parseDecimal(text), text).toThrow(MoneyError);
  expect(() => currencyExponent("eur")).toThrow(/"eur" is not an ISO 4217/);
});

test("halves go away from zero, so that a reversal mirrors what it reverses", () => {
  expect([1n, 3n, 5n, -1n, -3n].map((n) => divideHalfUp(n, 2n))).toStrictEqual([1n, 2n, 3n, -1n, -2n]);
  expect(divideFloor(-1n, 2n)).toBe(-1n);
  expect(() => divideHalfUp(1n, 0n)).toThrow(MoneyError);
});

test("a split sums to the whole, and spare units go to the largest remainder, ties to the smaller key", () => {
  const parts = [
    { key: "b", weight: 1n },
    { key: "a", weight: 1n },
    { key: "c", weight: 1n },
  ];
  expect(Object.fromEntries(allocate(100n, parts))).toStrictEqual({ a: 34n, b: 33n, c: 33n });
  expect(Object.fromEntries(allocate(-100n, parts))).toStrictEqual({ a: -34n, b: -33n, c: -33n });
  expect(Object.fromEntries(allocate(7n, [{ key: "x", weight: 0n }]))).toStrictEqual({ x: 7n });
});

test("property: every split sums to the whole and ignores the order of its parts", () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), weights, (total, list) => {
      const parts = list.map((weight, index) => ({ key: `k${index}`, weight }));
      const split = allocate(total, parts);
      expect([...split.values()].reduce((sum, part) => sum + part, 0n)).toBe(total);
      const reversed = allocate(total, [...parts].reverse());
      for (const [key, part] of split) expect(reversed.get(key)).toBe(part);
    }),
  );
});

test("property: text and minor units are each other's inverse", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fc.constantFrom("EUR", "JPY", "KWD", "CLF"),
      (minor, currency) => {
        expect(parseAmount(formatAmount(minor, currency), currency)).toBe(minor);
      },
    ),
  );
});

test("currencies are those of ISO 4217 that money comes in", () => {
  expect(["USD", "EUR", "JPY", "KWD", "CLF", "SLE", "BGN"].map(isCurrency)).toStrictEqual(Array(7).fill(true));
  expect(["ZZZ", "XTS", "XDR", "XAU", "eur", "EU", "BTC", "constructor", ""].map(isCurrency)).toStrictEqual(Array(9).fill(false));
});

test("an amount is whole in its currency, or has more decimals than that has", () => {
  for (const [text, currency] of [
    ["49.90", "EUR"],
    ["49.9000", "EUR"],
    ["49.00", "JPY"],
    ["1.125", "KWD"],
  ] as const)
    expect(isWholeAmount(text, currency), text).toBe(true);
  for (const [text, currency] of [
    ["49.905", "EUR"],
    ["49.5", "JPY"],
    ["1.1251", "KWD"],
  ] as const)
    expect(isWholeAmount(text, currency), text).toBe(false);
});

test("an amount is read alike with as many decimals as its currency, with more and with fewer", () => {
  const read = (text: string) => parseAmount(text, "EUR");
  expect(["0.05", "007.10", "1.5", "12", "12.", "1.994", "1.995", "999999999999.99", "9999999999999.99"].map(read)).toStrictEqual(
    [5n, 710n, 150n, 1200n, 1200n, 199n, 200n, 99_999_999_999_999n, 999_999_999_999_999n],
  );
  expect(parseAmount("1.2345", "CLF")).toBe(12_345n);
  for (const wrong of [".50", "1,50", "1..50", "+.50", "1e.50", "0x1.50", "١.50", "1 .50", "1.5o"])
    expect(() => read(wrong), wrong).toThrow(MoneyError);
});
