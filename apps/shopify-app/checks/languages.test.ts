import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const extension = join(dirname(import.meta.dirname), "extensions/referral-code");
const en = textsOf("en.default");
const de = textsOf("de");

test("every text of the checkout extension is there in English and German, with the same words to fill in", () => {
  const fills = (texts: ReadonlyMap<string, string>) => [...texts].map(([key, text]) => [key, text.match(/\{\{\w+\}\}/g) ?? []]);
  expect(fills(de)).toStrictEqual(fills(en));
});

test("every text that the extension shows has words, and no words are left over", () => {
  const code = globSync("src/*.tsx", { cwd: extension }).map((path) => readFileSync(join(extension, path), "utf8"));
  const shown = code.flatMap((text) => [...text.matchAll(/\btext\("([\w.]+)"/g)].map((match) => match[1]));
  expect([...new Set([...shown, "name"])].sort()).toStrictEqual([...en.keys()].sort());
});

function textsOf(language: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const walk = (node: unknown, path: string): void => {
    if (typeof node === "string") texts.set(path, node);
    else if (typeof node === "object" && node !== null)
      for (const [key, below] of Object.entries(node)) walk(below, path === "" ? key : `${path}.${key}`);
  };
  walk(JSON.parse(readFileSync(join(extension, `locales/${language}.json`), "utf8")), "");
  return texts;
}
