import { chromiumPath } from "@upline/testing/chromium";
import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, seriousFaults, settled } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn } from "./signed-in.ts";

/** The close desk holds what a run pays against what is proven of its plan. */

describe.skipIf(chromiumPath() === null)("the ceiling on the close desk (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });

  test.each([
    [1440, "light", "en", "Payout against the ceiling"],
    [1440, "dark", "de", "Auszahlung und Obergrenze"],
    [390, "dark", "en", "Payout against the ceiling"],
    [390, "light", "de", "Auszahlung und Obergrenze"],
  ] as const)("says what the hub says, at %i px, in %s, in %s", async (width, shade, locale, title) => {
    const { page, faults } = await signIn(browser, demo, { width, shade, locale });
    const { items } = await (await page.request.get(`${demo.url}/api/periods`)).json();
    const { period_id: id } = items.find((one: { waits: boolean }) => one.waits);
    const { runs } = await (await page.request.get(`${demo.url}/api/periods/${id}`)).json();
    const { payout } = runs[0];
    await page.goto(`${demo.url}/console/periods/${id}`);
    const section = page.locator("section", { has: page.getByRole("heading", { name: title }) }).last();
    await section.waitFor();
    await settled(page);
    const text = ((await section.textContent()) ?? "").replace(/[.,]/g, "");
    for (const figure of [payout.bounded, payout.at_most, payout.shares_of_cv.bounded, payout.shares_of_cv.at_most])
      if (figure !== null) expect(text).toContain(figure.replace(".", ""));
    for (const { bonus } of payout.open) expect(text).toContain(bonus);
    expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, `close-ceiling-${locale}-${shade}-${width}`);
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });
});
