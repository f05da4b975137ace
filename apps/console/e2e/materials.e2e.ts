import { chromiumPath } from "@upline/testing/chromium";
import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, seriousFaults, settled, tabTo } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn } from "./signed-in.ts";

/** What a company offers, from where it is written to where distributors find it, in a real browser on the demo. */

const executablePath = chromiumPath();

describe.skipIf(executablePath === null)("materials on the demo (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });
  const long = "With my code you get it from the shop directly.\n".repeat(12);

  test("what is offered stands in the portal as the console shows it, and is found no more once it is taken back", async () => {
    const { page, faults } = await signIn(browser, demo);
    await page.goto(`${demo.url}/console/materials`);
    await settled(page);
    for (const [kind, title, body] of [
      ["Text", "First message to a friend", long],
      ["Link", "Product film", "https://films.example.com/tea?campaign=spring"],
    ] as const) {
      await tabTo(page, page.getByRole("button", { name: "Add material…" }));
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Kind").selectOption(kind);
      await dialog.getByLabel("Title").fill(title);
      await dialog.getByLabel(kind === "Text" ? "Text to hand on" : "Address").fill(body);
      await dialog.getByRole("button", { name: "Offer it" }).click();
      await dialog.waitFor({ state: "detached" });
    }
    await page.getByRole("button", { name: "First message to a friend" }).click();
    await page.waitForURL(/chosen=\d+/);
    const panel = page.getByRole("complementary", { name: "First message to a friend" });
    expect(await panel.locator(".offered").textContent()).toBe(long.trim());
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, "materials-1440");

    const phone = await signIn(browser, demo, { width: 390, shade: "dark", role: "distributor" });
    const seen = async () => {
      await phone.page.goto(`${demo.url}/portal/materials`);
      await settled(phone.page);
      return phone.page.locator("main h3").allInnerTexts();
    };
    expect(await seen()).toStrictEqual(["First message to a friend", "Product film"]);
    const whole = phone.page.getByRole("button", { name: "Whole text of First message to a friend" });
    await whole.click();
    expect(await phone.page.locator(".said.folded").count()).toBe(0);
    await phone.page.getByRole("button", { name: "Copy the link: Product film" }).waitFor();
    expect(await phone.page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(await seriousFaults(phone.page)).toStrictEqual([]);
    await pictured(phone.page, "portal-materials-390");

    await panel.getByRole("button", { name: "Take back…" }).click();
    await page.getByText("Distributors find it no more.").waitFor();
    await page.getByRole("button", { name: "Take “First message to a friend” back" }).click();
    await panel.waitFor({ state: "detached" });
    expect(await seen()).toStrictEqual(["Product film"]);
    expect([...faults, ...phone.faults]).toStrictEqual([]);
    await page.context().close();
    await phone.page.context().close();
  });
});
