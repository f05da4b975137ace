import { setTimeout as wait } from "node:timers/promises";
import { chromiumPath } from "@upline/testing/chromium";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { loadedBy, openPage, pictured, seriousFaults, settled } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn as signInTo } from "./signed-in.ts";

/** The portal as a distributor sees it, in a real browser on the demo: every page by its way, on a desk and on a phone. */

const executablePath = chromiumPath();
/** Gzipped, of what the first page loads before it is seen. */
const MOST_BYTES = 180_000;
const WAYS = ["Home", "Earnings", "Team", "Materials"] as const;
const BESIDES = ["orders", "rank", "share", "me", "me/questions?ask=new"];

describe.skipIf(executablePath === null)("the portal on the demo (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });

  const signIn = (width: number, locale = "en") => signInTo(browser, demo, { width, locale, role: "distributor" });

  /** Asks as the owner, without a page. */
  const asOwner = async <T>(ask: (context: BrowserContext, headers: Record<string, string>) => Promise<T>): Promise<T> => {
    const context = await browser.newContext();
    const headers = { origin: demo.url };
    const data = { email: "owner@demo.example", password: demo.password };
    await context.request.post(`${demo.url}/auth/sign-in/email`, { headers, data });
    const answer = await ask(context, headers);
    await context.close();
    return answer;
  };

  /** Enrolment open for everybody, with a field and a consent. */
  const openEnrolment = () =>
    asOwner(async (context, headers) => {
      const choices = ["None", "The small one"].map((en, index) => ({ choice_id: `kit-${index}`, label: { en } }));
      const data = {
        ...{ open: true, needs_approval: false, inviter: "first-name", id_prefix: "N" },
        intro: { en: "Joining costs nothing. You earn from sales to customers, and nobody earns from your joining." },
        fields: [{ field_id: "kit", kind: "choice", label: { en: "Starter kit" }, required: true, choices }],
        consents: [
          {
            consent_id: "terms",
            text: { en: "I have read the agreement." },
            address: "https://demo.example/terms",
            required: true,
          },
        ],
      };
      const set = await context.request.put(`${demo.url}/api/enrolment-settings`, { headers, data });
      expect(set.status()).toBe(200);
      const branding = { shown_name: null, accent: "#7a1f5c", support: "help@demo.example" };
      expect((await context.request.put(`${demo.url}/api/company/branding`, { headers, data: branding })).status()).toBe(200);
    });

  /** The link of the newest mail to somebody, as it lies in the owner's outbox. */
  const mailedLink = (email: string): Promise<string> =>
    asOwner(async (context) => {
      for (;;) {
        const { items } = await (await context.request.get(`${demo.url}/api/outbox`)).json();
        const mail = (items as { to: string; text: string }[]).find(({ to }) => to === email);
        const link = /https?:\S+#\S+/.exec(mail?.text ?? "")?.[0];
        if (link !== undefined) return link;
        await wait(100);
      }
    });

  const sound = async (page: Page, name: string) => {
    await page.locator("h1").first().waitFor();
    await settled(page);
    expect(await page.locator("h1").count(), name).toBe(1);
    expect(await seriousFaults(page), name).toStrictEqual([]);
    const overhang = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(overhang, `${name} is wider than the window`).toBe(0);
  };

  test.each([1440, 390])("every page opens at %i px by its way, without a fault that a machine can find", async (width) => {
    const { page, faults } = await signIn(width);
    const nav = page.locator(width > 900 ? ".top nav" : ".tabbar");
    for (const name of WAYS) {
      await nav.getByRole("link", { name, exact: true }).click();
      await sound(page, name);
    }
    for (const path of BESIDES) {
      await page.goto(`${demo.url}/portal/${path}`);
      await sound(page, path);
    }
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("what is earned is the sum of what is listed, and each row opens how it came about", async () => {
    const { page, faults } = await signIn(1440);
    const hero = ((await page.locator(".hero .figure .amount").first().textContent()) ?? "").replace(/[^\d.−-]/g, "");
    await page.locator(".hero .figure a").first().click();
    await page.getByRole("heading", { name: "Earnings" }).waitFor();
    await settled(page);
    const total = ((await page.locator("dd.total").first().textContent()) ?? "").replace(/[^\d.−-]/g, "");
    expect(total).toBe(hero);
    for (let more = page.getByRole("button", { name: "Show more" }); await more.isVisible(); ) {
      await more.click();
      await settled(page);
    }
    const row = page.locator(".rows > button").first();
    await row.waitFor();
    await row.click();
    await page.locator("aside .steps .sum").first().waitFor();
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("every text of the pages is there in German", async () => {
    const { page, faults } = await signIn(390, "de");
    for (const path of ["", "earnings", "team", ...BESIDES]) {
      await page.goto(`${demo.url}/portal/${path}`);
      await settled(page);
      // What has no text in German falls back to the English one, which says "your" nearly everywhere.
      expect(await page.locator("main#page").textContent(), path).not.toMatch(/\b(you|your|the)\b/i);
    }
    // How an amount came about is the hub's to say: in German here too, with German figures.
    await page.goto(`${demo.url}/portal/earnings`);
    await page.locator(".rows > button").first().click();
    const steps = page.locator(".opened .steps").first();
    await steps.getByText(" verdient ").first().waitFor();
    const said = (await steps.textContent()) ?? "";
    expect(said).not.toMatch(/\b(earns|of|level)\b/);
    expect(said).toMatch(/ % von \d+(\.\d{3})*,\d\d = \d/);
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test.each([1440, 390])(
    "whoever has a link to join fills in the form at %i px, confirms their address, and is a distributor",
    async (width) => {
      await openEnrolment();
      const seller = await signIn(width);
      await seller.page.goto(`${demo.url}/portal/share`);
      await seller.page.getByRole("heading", { name: "Your link to join" }).waitFor();
      await sound(seller.page, "share, with enrolment open");
      await pictured(seller.page, `share-invite-${width}`);
      expect(seller.faults).toStrictEqual([]);
      await seller.page.context().close();
      const page = await openPage(browser, { viewport: { width, height: 844 }, locale: "en" });
      await page.goto(`${demo.url}/join/ABC123`);
      await page.getByRole("heading", { name: /^Join / }).waitFor();
      await sound(page, "join");
      await pictured(page, `join-${width}`);
      await page.getByLabel("First name").fill("Tessa");
      await page.getByLabel("Last name").fill(`Maric ${width}`);
      await page.getByLabel("E-mail").fill(`tessa-${width}@home.example`);
      await page.getByLabel("Country").selectOption({ label: "Germany" });
      await page.getByLabel("Starter kit").selectOption({ label: "None" });
      await page.getByLabel("I have read the agreement").check();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
      await sound(page, "join, sent");
      await page.goto(await mailedLink(`tessa-${width}@home.example`));
      await page.getByRole("button", { name: "This is my address" }).click();
      await page.getByRole("heading", { name: /^Welcome to / }).waitFor();
      await sound(page, "join, welcome");
      await pictured(page, `join-welcome-${width}`);
      await page.getByRole("link", { name: "Open your account" }).click();
      await page.getByRole("button", { name: /^Join / }).waitFor();
      await page.goto(`${demo.url}/join/NOBODY-9`);
      await page.getByRole("heading", { name: "This code invites nobody" }).waitFor();
      await sound(page, "join, unknown");
      await page.context().close();
    },
  );

  test.each([1440, 390])("the team at %i px: a row for each of them, one level of it, one of them, and nobody", async (width) => {
    const { page, faults } = await signIn(width);
    await page.goto(`${demo.url}/portal/team`);
    await settled(page);
    const list = page.locator(".o3");
    const people = Number(/^(\d+) people$/.exec((await list.locator(".section-head .sub").textContent()) ?? "")?.[1]);
    const rows = list.locator(".placed a");
    expect(await rows.count()).toBe(people);
    const [row, column] = await Promise.all([rows.first().boundingBox(), list.boundingBox()]);
    expect(row?.width).toBe(column?.width);
    await pictured(page, `portal-team-${width}`);
    await list.getByLabel("Level").selectOption("1");
    await page.waitForURL(/level=1/);
    await settled(page);
    const frontline = await rows.count();
    expect(frontline).toBeGreaterThan(0);
    expect(frontline).toBeLessThan(people);
    await list.getByLabel("Find in your team").fill("zzz");
    await page.keyboard.press("Enter");
    await page.getByText("Nobody of your team is called").waitFor();
    await page.goto(`${demo.url}/portal/team`);
    await rows.first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Whom they sponsor" }).waitFor();
    await sound(page, "somebody of the team");
    await pictured(page, `portal-person-${width}`);
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test.each([
    [1440, "light", "en"],
    [390, "dark", "de"],
  ] as const)(
    "a closed period at %i px: what its close found, kept in the address, with the same sums",
    async (width, shade, locale) => {
      const { page, faults } = await signInTo(browser, demo, { width, shade, locale, role: "distributor" });
      const { items } = await (await page.request.get(`${demo.url}/api/portal/spans`)).json();
      const closed = items.find((one: { state: string }) => one.state === "closed").name;
      const standing = await (await page.request.get(`${demo.url}/api/portal/standing?span=${closed}`)).json();
      const digits = (text: string | null) => (text ?? "").replace(/[.,]/g, "");
      await page.goto(`${demo.url}/portal/team`);
      await settled(page);
      await page.locator(".span-choice").selectOption(closed);
      await page.waitForURL(new RegExp(`span=.*${closed}`));
      await settled(page);
      await page.reload();
      await settled(page);
      expect(digits(await page.locator("dd.total").textContent())).toContain(digits(standing.me.gv));
      const legs = await page.locator(".legs a").allInnerTexts();
      expect(legs.map(digits)).toStrictEqual(standing.legs.slice(0, 8).map((leg: { gv: string }) => digits(leg.gv)));
      await sound(page, "the team then");
      await pictured(page, `portal-team-then-${locale}-${width}`);
      await page.locator(".o3 .placed a").first().click();
      await page.waitForURL(new RegExp(`/team/.*span=.*${closed}`));
      await sound(page, "somebody then");
      await pictured(page, `portal-person-then-${locale}-${width}`);
      await page.goto(`${demo.url}/portal/rank?span=${closed}`);
      await page.locator(".hero .figure").waitFor();
      await settled(page);
      expect(await page.locator(".hero .figure").textContent()).toContain(standing.me.rank?.name ?? "");
      expect(digits(await page.locator(".steps .sum").textContent())).toContain(digits(standing.estimate.amount));
      if (locale === "de") expect(await page.locator("main#page").textContent()).not.toMatch(/\b(you|your|the)\b/i);
      await sound(page, "the rank then");
      await pictured(page, `portal-rank-then-${locale}-${width}`);
      expect(faults).toStrictEqual([]);
      await page.context().close();
    },
  );

  test("what the first page loads before it is seen stays small", async () => {
    const { page } = await signIn(390);
    const { bytes, files } = await loadedBy(page, `${demo.url}/portal`);
    process.stdout.write(`the portal's home loads ${bytes} bytes, gzipped, in ${files} files\n`);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(MOST_BYTES);
    await page.context().close();
  });
});
