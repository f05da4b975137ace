import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { evidenceSource } from "@upline/core";
import { expect, it } from "vitest";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { localeOf } from "./locale.ts";
import { speak } from "./speak.ts";

const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

it("both languages say everything, with the same values", () => {
  expect(Object.keys(de)).toStrictEqual(Object.keys(en));
  for (const [key, text] of Object.entries(en)) {
    const german = de[key as keyof typeof en];
    expect(placesOf(german), key).toStrictEqual(placesOf(text));
    expect(german.trim(), key).not.toBe("");
  }
});

it("every source of evidence and every outcome has its words", () => {
  const keys = Object.keys(en);
  for (const source of evidenceSource.options) expect(keys, source).toContain(`source.${source}`);
});

it("no text is kept that no page says", () => {
  const pages = globSync("{routes,ui}/**/*.tsx", { cwd: join(import.meta.dirname, "..") });
  const code = pages.map((path) => readFileSync(join(import.meta.dirname, "..", path), "utf8")).join("\n");
  const prefixes = [...code.matchAll(/named\("([\w.]+)"/g)].map(([, prefix]) => `${prefix}.`);
  const unsaid = Object.keys(en).filter(
    (key) => !code.includes(`"${key.replace(/\.one$/, "")}"`) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
  expect(unsaid).toStrictEqual([]);
});

it("writes money, moments and counts as the merchant does", () => {
  const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
  const english = speak("en", "America/New_York");
  const german = speak("de", "Europe/Berlin");
  expect(plain(english.money("1234567.80", "USD"))).toBe("$1,234,567.80");
  expect(plain(german.money("1234567.80", "EUR"))).toBe("1.234.567,80 €");
  expect(plain(english.money("9007199254740993.25", "USD"))).toBe("$9,007,199,254,740,993.25");
  expect(plain(german.money("500", "JPY"))).toBe("500 ¥");
  expect(plain(english.moment("2026-03-01T01:30:00Z"))).toBe("Feb 28, 2026, 8:30 PM");
  expect(plain(german.moment("2026-03-01T01:30:00Z"))).toBe("01.03.2026, 02:30");
  expect(english.text("products.bulk.apply", { count: 1 })).toBe("Map one product");
  expect(german.text("products.bulk.apply", { count: 1200 })).toBe("1.200 Produkte zuordnen");
  expect([english.named("outcome", "chosen"), english.named("outcome", "new-in-the-hub")]).toStrictEqual([
    "Decided",
    "new-in-the-hub",
  ]);
});

it("takes the language of Shopify's address, and English for those that it has not", () => {
  const of = (query: string) => localeOf(`https://app.example.com/app?${query}`);
  expect([of("locale=de-DE"), of("locale=DE"), of("locale=fr"), of("")]).toStrictEqual(["de", "de", "en", "en"]);
});
