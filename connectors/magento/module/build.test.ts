import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import { assert, expect, test } from "vitest";
import { generate, moduleVersion, pack } from "./build.ts";
import { domainFiles } from "./domain.ts";

test("the zip holds what a shop needs and nothing for developers", async () => {
  await generate();
  const names = Object.keys(unzipSync(pack()));
  for (const needed of ["composer.json", "registration.php", "LICENSE.txt", "etc/module.xml", "etc/db_schema_whitelist.json", "Domain/CodeTable.php", "view/frontend/web/js/storefront.js", "i18n/de_DE.csv"]) {
    assert.ok(names.includes(needed), needed);
  }
  expect(names.filter((name) => /tests?\/|\.ts$|phpunit|phpcs|node_modules/.test(name))).toStrictEqual([]);
});

test("the same sources give the same bytes", async () => {
  await generate();
  expect(pack()).toStrictEqual(pack());
});

test("the storefront script is small", async () => {
  assert.ok(gzipSync(await generate()).length < 2560);
});

test("composer.json and the constant agree on the version", () => {
  expect(moduleVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});

test("the rules that both shops' software follows are those of the WooCommerce plugin", () => {
  for (const [path, text] of Object.entries(domainFiles())) {
    const kept = readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
    expect(kept === text, `${path} is not current: run pnpm generate`).toBe(true);
  }
});
