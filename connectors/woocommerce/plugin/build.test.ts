import { assert, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import { generate, pack, pluginVersion } from "./build.ts";
import { translationTemplate } from "./pot.ts";

test("the zip holds what a shop needs and nothing for developers", async () => {
  await generate();
  const names = Object.keys(unzipSync(pack()));
  for (const needed of ["upline-woocommerce.php", "uninstall.php", "readme.txt", "src/Plugin.php", "assets/storefront.js", "languages/upline-woocommerce.pot"]) {
    assert.ok(names.includes(`upline-woocommerce/${needed}`), needed);
  }
  expect(names.filter((name) => /tests?\/|\.ts$|phpunit|phpcs|node_modules/.test(name))).toStrictEqual([]);
});

test("the same sources give the same bytes, in any time zone", async () => {
  await generate();
  const first = pack();
  const zone = process.env.TZ;
  process.env.TZ = "Asia/Tokyo";
  const second = pack();
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
  expect(second).toStrictEqual(first);
});

test("the storefront script is small", async () => {
  const { script } = await generate();
  assert.ok(gzipSync(script).length < 3072);
});

test("header, constant and readme agree on the version", () => {
  expect(pluginVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});

test("texts are found with their plural, their note and their quotes", () => {
  const php = `<?php
    /* translators: %d: number of deliveries */
    sprintf(_n('%d thing', '%d things', $n, 'upline-woocommerce'), $n);
    esc_html_e('It\\'s "here"', 'upline-woocommerce');
    __('somebody else\\'s', 'woocommerce');`;
  const template = translationTemplate(new Map([["a.php", php]]), "1.0.0");
  expect(template).toMatch(/#\. translators: %d: number of deliveries\n#: a\.php\n#, php-format\nmsgid "%d thing"\nmsgid_plural "%d things"/);
  expect(template).toMatch(/msgid "It's \\"here\\""/);
  expect(template).not.toMatch(/somebody/);
});
