import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EMBED_ASSET, EMBED_LIMIT_BYTES, embedScript } from "../extensions/assets.ts";
import { checkTheme } from "./theme.ts";

const app = dirname(import.meta.dirname);
const embed = join(app, "extensions/theme-embed");
const block = "blocks/referral.liquid";
let copies: string;
beforeAll(() => {
  copies = mkdtempSync(join(tmpdir(), "theme-embed-"));
});
afterAll(() => rmSync(copies, { recursive: true }));

test("theme check has nothing against the embed, not even a warning", async () => {
  expect(await checkTheme(embed)).toStrictEqual({ files: 5, errors: [] });
});

/** One fault each in a copy of the extension: what the check must tell. */
const faults: readonly [string, (folder: string) => void, RegExp][] = [
  ["a tag that is not closed", (folder) => change(join(folder, block), "{%- endif -%}\n\n", ""), /^0 LiquidHTMLSyntaxError/],
  ["an unknown filter", (folder) => change(join(folder, block), "| json", "| jsno"), /^0 UnknownFilter/],
  [
    "a text without words",
    (folder) => change(join(folder, block), "'supporter.text'", "'supporter.txt'"),
    /^0 TranslationKeyExists/,
  ],
  [
    "a language that lacks a text",
    (folder) => change(join(folder, "locales/de.json"), '"hide"', '"hidden"'),
    /MatchingTranslations/,
  ],
  [
    "a script of 10 KB",
    (folder) => writeFileSync(join(folder, "assets/upline-referral.js"), "x".repeat(10_001)),
    /^0 AssetSizeAppBlockJavaScript/,
  ],
  ["a script that is not there", (folder) => rmSync(join(folder, "assets/upline-referral.js")), /^0 /],
];
for (const [what, spoil, told] of faults) {
  test(`theme check tells ${what}`, async () => {
    const folder = join(copies, what.replaceAll(" ", "-"));
    cpSync(embed, folder, { recursive: true });
    spoil(folder);
    expect((await checkTheme(folder)).errors.join("\n")).toMatch(new RegExp(told, "m"));
  });
}

test("the embed's script is the storefront's code as it is now, and below Shopify's bound: pnpm generate", async () => {
  const kept = readFileSync(join(app, "../..", EMBED_ASSET));
  expect(kept.equals(await embedScript())).toBe(true);
  expect(kept.length).toBeLessThan(EMBED_LIMIT_BYTES);
});

function change(path: string, from: string, to: string): void {
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}
