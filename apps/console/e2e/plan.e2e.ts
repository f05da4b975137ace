import { chromiumPath } from "@upline/testing/chromium";
import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, seriousFaults, settled } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn } from "./signed-in.ts";

/** What a plan's version changes, where versions are looked at. The demo's second version has two more bonuses and another name. */

const wordsOf = (changed: string, added: string) => ({
  ...{ name: changed, version: changed },
  ...{ "bonuses#rank-bonus": added, "bonuses#leaders": added },
});

describe.skipIf(chromiumPath() === null)("a plan's versions (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });

  test.each([
    { locale: "en", width: 1440, title: "What it changes", words: wordsOf("Changed", "New") },
    { locale: "de", width: 390, title: "Was sie ändert", words: wordsOf("Geändert", "Neu") },
  ])("say what they change against the one before, in $locale", async ({ locale, width, title, words }) => {
    const { page, faults } = await signIn(browser, demo, { locale, width });
    await page.goto(`${demo.url}/console/plans`);
    await page.getByRole("link", { name: "Demo unilevel with rank bonuses" }).click();
    const changes = page.getByRole("list", { name: title }).locator("li");
    await changes.first().waitFor();
    await settled(page);
    const told = await changes.evaluateAll((rows) =>
      rows.map((row) => [row.querySelector(".mono")?.textContent, row.querySelector("b")?.textContent]),
    );
    expect(new Map(told as [string, string][])).toStrictEqual(new Map(Object.entries(words)));
    const name = '"Demo unilevel with compression" → "Demo unilevel with rank bonuses"';
    expect(await changes.filter({ hasText: "Demo unilevel with compression" }).locator(".note").textContent()).toBe(name);
    const overhang = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(overhang).toBe(0);
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, `plan-changes-${locale}-${width}`);
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });
});
