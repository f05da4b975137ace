import { chromiumPath } from "@upline/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { loadedBy, pictured, seriousFaults, settled } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { type Looker, signIn as signInTo } from "./signed-in.ts";

/** The console as an owner sees it, in a real browser on the demo: every page by its way, and the sums that pages show. */

const executablePath = chromiumPath();
/** Gzipped, of what the overview loads before it is seen. */
const MOST_BYTES = 300_000;

const WAYS = ["", "orders", "skus", "stores", "network", "referrals", "plans", "periods", "ledger", "settings"];
const BESIDES = [
  "enrolments",
  "settings/enrolment",
  "settings/portal",
  "settings/retention",
  "skus/map",
  "skus/import",
  "deliveries",
  "ledger/balances",
  "ledger/commissions",
  "settings/people",
  "settings/jobs",
  "settings/audit",
  "network?tree=binary",
  "network?tree=binary&at=2026-05-01",
  "network/waiting",
  "network/people/D1003?span=2026-09",
  "network/import",
];

/** At both widths and in both shades by `pnpm e2e`; everything else by `pnpm e2e:full`. */
const LOOKERS: readonly Required<Pick<Looker, "width" | "shade" | "role">>[] = [
  { role: "owner", width: 1440, shade: "light" },
  { role: "owner", width: 390, shade: "dark" },
  ...(process.env.UPLINE_E2E_FULL
    ? ([
        { role: "owner", width: 1440, shade: "dark" },
        { role: "owner", width: 390, shade: "light" },
        { role: "finance", width: 1440, shade: "light" },
        { role: "finance", width: 390, shade: "dark" },
        { role: "support", width: 1440, shade: "dark" },
        { role: "support", width: 390, shade: "light" },
      ] as const)
    : []),
];

/** The pages that the menu, and the one of settings, offer to somebody. */
async function offered(page: Page): Promise<string[]> {
  const ways = async () =>
    page.locator(".nav a, main a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  const found = await ways();
  if (found.some((way) => way.endsWith("/settings"))) {
    await page.goto(new URL("/console/settings", page.url()).href);
    await settled(page);
    found.push(...(await ways()).filter((way) => way.includes("/settings")));
  }
  const paths = found.map((way) => way.replace(/^\/console\/?/, "")).filter((path) => /^[a-z/-]*$/.test(path));
  return [...new Set(paths)];
}

describe.skipIf(executablePath === null)("the console on the demo (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });

  const signIn = (width: number, shade: "light" | "dark") => signInTo(browser, demo, { width, shade });

  test.each(LOOKERS)(
    "every page opens for $role at $width px, in $shade, without a fault that a machine can find",
    async (looker) => {
      const { width, shade, role } = looker;
      const { page, faults } = await signInTo(browser, demo, looker);
      for (const path of role === "owner" ? [...WAYS, ...BESIDES] : await offered(page)) {
        await page.goto(`${demo.url}/console/${path}`);
        await page.locator("h1").waitFor();
        await settled(page);
        expect(await page.locator("h1").count(), path).toBe(1);
        expect(await seriousFaults(page), path).toStrictEqual([]);
        const overhang = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        expect(overhang, `${path} is wider than the window`).toBe(0);
        await pictured(page, `${path.replaceAll("/", "-") || "overview"}-${role}-${shade}-${width}`);
      }
      expect(faults).toStrictEqual([]);
      await page.context().close();
    },
  );

  test("an order's lines, its commissions and the ledger say the same, to the last unit", async () => {
    const { page } = await signIn(1440, "light");
    await page.goto(`${demo.url}/console/orders/23`);
    await page.getByRole("heading", { name: "Order #000000004" }).waitFor();
    await settled(page);
    const cells = async (row: string) =>
      (await page.getByRole("row", { name: row }).last().locator("td.num").allInnerTexts()).map((text) => text.trim());
    // 2 × 50 + 2 × 20 + 4 × 5 + 100 + 30, a tenth off; half of the first three came back: 72.
    expect(await cells("5 lines")).toStrictEqual(["290.00", "−29.00", "–", "261.00", "−72.00", "261"]);
    const [first = "", back = "", stands = ""] = await cells("3 distributors");
    // Levels 8+5+3+3+2+2+1+1 % on four lines of standard, 234.00, and 5 % retail on them; 27.00 of digital: by the plan of the demo.
    const minor = (text: string) => Number(text.replace("−", "-").replace(".", ""));
    expect(minor(first) + minor(back)).toBe(minor(stands));
    const rows = page.locator("table").nth(1).locator("tbody tr:not(.total)");
    const summed = (
      await rows.evaluateAll((all) => all.map((row) => row.querySelector("td:last-child")?.textContent ?? ""))
    ).reduce((sum, text) => sum + minor(text.trim()), 0);
    expect(summed).toBe(minor(stands));
    await page.goto(`${demo.url}/console/ledger?order_id=23`);
    await page.locator("[data-row]").first().waitFor();
    await settled(page);
    for (let more = page.getByRole("button", { name: "Show more" }); await more.isVisible(); ) {
      await more.click();
      await settled(page);
    }
    const amounts = await page.locator("tbody tr td:last-child").allInnerTexts();
    expect(amounts.reduce((sum, text) => sum + minor(text.replace(/[^\d.−-]/g, "")), 0)).toBe(minor(stands));
    await page.context().close();
  });

  test("what the overview says was earned is the sum of all balances and of what stays, and a balance is the sum of its entries", async () => {
    const { page, faults } = await signIn(1440, "light");
    const minor = (text: string) => BigInt(text.replace("−", "-").replace(/[^\d-]/g, ""));
    const earned = page.locator("dt", { hasText: /^EUR$/ }).locator("+ dd");
    await earned.waitFor();
    const items: Record<string, string>[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const before: string = next === "" ? "" : `&before=${next}`;
      const answer = await (await page.request.get(`${demo.url}/api/balances?limit=500${before}`)).json();
      items.push(...answer.items);
      next = answer.next;
    }
    const inEuro = items.filter(({ currency }) => currency === "EUR");
    const whole = (of: Record<string, string>) =>
      minor(of.held ?? "") + minor(of.payable ?? "") + minor(of.paid ?? "") - minor(of.recoverable ?? "");
    expect(inEuro.length).toBeGreaterThan(100);
    const company = await (await page.request.get(`${demo.url}/api/balances/company`)).json();
    const { breakage } = (company.items as Record<string, string>[]).find(({ currency }) => currency === "EUR") ?? {};
    // What nobody qualified for is the company's again.
    const sum = inEuro.reduce((all, one) => all + whole(one), minor(breakage ?? ""));
    expect(sum).toBe(minor((await earned.textContent()) ?? ""));
    const [one = {}] = inEuro;
    await earned.getByRole("link").click();
    const who = page.getByRole("link", { name: one.distributor_id ?? "", exact: true }).first();
    expect(await page.locator("[data-row]", { has: who }).first().textContent()).toContain(one.held);
    await who.click();
    await page.waitForURL(/ledger\?distributor_id=/);
    await page.locator("[data-row]").first().waitFor();
    await settled(page);
    const entries = (await page.locator("tbody tr td:last-child").allInnerTexts()).filter((text) => text.includes("EUR"));
    expect(await page.getByRole("button", { name: "Show more" }).count()).toBe(0);
    expect(entries.reduce((all, text) => all + minor(text), 0n)).toBe(whole(one));
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("enrolment is opened with a field and a consent, and whoever confirmed their address is approved", async () => {
    const { page, faults } = await signIn(1440, "light");
    await page.goto(`${demo.url}/console/settings/enrolment`);
    await page.getByLabel("Enrolment is open").check();
    await page.getByRole("button", { name: "Add a field" }).click();
    await page.getByLabel("Question · English").fill("Favourite tea");
    await page.getByLabel("Has to be answered").check();
    await page.getByRole("button", { name: "Add a consent" }).click();
    await page.getByLabel("Words · English").fill("I have read the agreement.");
    await pictured(page, "enrolment-settings-filled-1440");
    await page.getByRole("button", { name: "Save enrolment" }).click();
    await page.getByText("Saved. The page asks so from now on.").waitFor();
    await page.getByText("version 1").waitFor();
    const json = (path: string, data: object) =>
      page.request.post(`${demo.url}${path}`, { headers: { origin: demo.url }, data }).then((answer) => answer.status());
    const email = "rosa@home.example";
    const typed = { first_name: "Rosa", last_name: "Berg", email, country: "DE", language: "en" };
    const consents = { "i-have-read-the-agreement": 1 };
    expect(await json("/joining/codes/ABC123", { ...typed, answers: { "favourite-tea": "Assam" }, consents })).toBe(202);
    await expect
      .poll(async () => {
        const { items } = await (await page.request.get(`${demo.url}/api/outbox`)).json();
        const text = (items as { to: string; text: string }[]).find(({ to }) => to === email)?.text ?? "";
        const token = /#(\S+)/.exec(text)?.[1];
        return token === undefined ? 0 : json("/joining/confirmations", { token });
      })
      .toBe(200);
    await page.goto(`${demo.url}/console`);
    await page.getByText("One person wants to join").waitFor();
    const joining = page.locator(".nav a", { hasText: "Enrolments" });
    expect(await joining.textContent()).toBe("Enrolments1");
    await pictured(page, "overview-enrolment-1440");
    await page.locator(".todo > li", { hasText: "One person wants to join" }).getByRole("link").click();
    await page.waitForURL(/enrolments\?state=confirmed/);
    await page.getByRole("cell", { name: "Rosa Berg" }).click();
    await page.getByText("Assam").waitFor();
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, "enrolments-chosen-1440");
    await page.setViewportSize({ width: 390, height: 844 });
    await settled(page);
    await pictured(page, "enrolments-chosen-390");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("button", { name: "Approve", exact: true }).click();
    await page.locator("aside").getByText("Approved").waitFor();
    await expect.poll(() => joining.textContent()).toBe("Enrolments");
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("another order of evidence, and other days of retention, show what they would do before they are saved", async () => {
    const { page, faults } = await signIn(1440, "light");
    await page.goto(`${demo.url}/console/settings`);
    await page.getByRole("button", { name: "Leave out: Discount code" }).click();
    await page.getByRole("button", { name: "See what it would have changed" }).click();
    await page.getByText(/of the newest 500 orders would be another's/).waitFor();
    await page.getByText("The newest 20, with their reasons").click();
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, "settings-evidence-1440");
    // The sum is of what stands above it.
    const rows = (await page.locator(".panel .steps .num").allInnerTexts()).map(Number);
    expect((rows[0] ?? 0) + (rows[1] ?? 0) + (rows[2] ?? 0)).toBe(rows[3]);
    await page.getByRole("button", { name: "As it was" }).click();
    await page.goto(`${demo.url}/console/settings/retention`);
    await page.getByLabel("Counts of clicks").selectOption("A number of days");
    await page.getByLabel("Days, 30 to 3650").fill("60");
    await page.getByRole("button", { name: "See how much would go" }).click();
    await page.getByRole("heading", { name: "At the next run would go" }).waitFor();
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, "settings-retention-preview-1440");
    await page.getByRole("button", { name: "Save, and let it go" }).click();
    await page.getByText("Saved. The next run").waitFor();
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("what the last thirty days' links were followed is the sum of what is listed", async () => {
    const { page } = await signIn(1440, "light");
    await page.goto(`${demo.url}/console/referrals`);
    const table = page.getByRole("table", { name: "The last 30 days" });
    await table.locator("[data-row]").first().waitFor();
    const clicks = (await table.locator("tbody tr td:nth-child(2)").allInnerTexts()).map(Number);
    expect(clicks.length).toBeGreaterThan(2);
    const whole = await table.locator("tfoot tr").locator("td, th").nth(1).textContent();
    expect(clicks.reduce((sum, one) => sum + one, 0)).toBe(Number(whole));
    await page.context().close();
  });

  test("a placement tree is gone through by the keyboard, and somebody out of the holding tank lands where it was told", async () => {
    const { page, faults } = await signIn(1440, "light");
    await page.locator(".nav").getByRole("link", { name: "Network" }).click();
    await page.getByRole("button", { name: "Placement" }).click();
    await page.getByRole("treegrid").locator("[data-tree-row]").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("row", { name: /Left/ }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/chosen=/);
    const focused = () => page.evaluate("document.activeElement.closest('[data-tree-row]')?.getAttribute('aria-selected')");
    await expect.poll(focused).toBe("true");
    await page.getByRole("heading", { name: "Placement in binary" }).waitFor();
    await page.getByRole("link", { name: /^Place \d+ waiting…$/ }).click();
    const first = page.locator("[data-row]").first();
    const id = (await first.locator(".second").first().textContent()) ?? "";
    await first.getByRole("checkbox").check();
    const landing = page.locator(".landings > li");
    const told = /(Left|Right) below (.+), on level/.exec((await landing.textContent()) ?? "");
    expect(told).not.toBeNull();
    expect(await seriousFaults(page)).toStrictEqual([]);
    // A leg that is taken is told by a sentence, and nobody can be placed so.
    await landing.getByText("Somewhere else").click();
    await landing.getByRole("combobox").first().fill("D1003");
    await landing.locator(".found [role=option]").first().click();
    await landing.getByLabel("Leg").selectOption("Left");
    await landing.getByText("That leg of").waitFor();
    const act = page.getByRole("button", { name: "Place one person in binary" });
    await expect.poll(() => act.isDisabled()).toBe(true);
    await landing.getByRole("combobox").first().fill("");
    await landing.getByLabel("Leg").selectOption({ index: 0 });
    await expect.poll(() => landing.textContent()).toContain(told?.[2] ?? "nobody");
    await act.click();
    await page.getByText("One person has a place in binary now.").waitFor();
    await page.goto(`${demo.url}/console/network?tree=binary&chosen=${id}`);
    await page.getByText(`${told?.[1]} below ${told?.[2]}, since`).waitFor();
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("a refused move says why and which day would do, also where the window is narrow", async () => {
    const { page, faults } = await signIn(390, "light");
    await page.goto(`${demo.url}/console/network?chosen=D1003`);
    await page.getByRole("button", { name: "Move on a date…" }).click();
    const dialog = page.getByRole("dialog");
    const choose = async (id: string) => {
      await dialog.getByRole("combobox").fill(id);
      await dialog.getByRole("option", { name: id }).first().click();
    };
    await choose("D1004");
    await dialog.getByText(/stands below Layla Costa/).waitFor();
    await dialog.getByText("The way down: Layla Costa › Bela Mensah").waitFor();
    const act = dialog.getByRole("button", { name: /^Move Layla Costa/ });
    await dialog.getByLabel("Why").fill("Enrolled with the wrong code");
    expect(await act.isDisabled()).toBe(true);
    await choose("D1001");
    await dialog.getByLabel("From this day on").fill("2026-08-05");
    await dialog.getByRole("button", { name: "Choose 1 November 2026" }).click();
    await dialog.getByText("What changes").waitFor();
    await expect.poll(() => act.isDisabled()).toBe(false);
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, "move-390");
    const box = await dialog.boundingBox();
    expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 999) <= 390).toBe(true);
    await dialog.getByRole("button", { name: "Leave it" }).click();
    // Among the faults stands whatever the page's policy refused, such as a style that a dialog brings along.
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("a file of people says what it would change and what is wrong with it before anything is written", async () => {
    const { page, faults } = await signIn(1440, "light");
    await page.locator(".nav").getByRole("link", { name: "Network" }).click();
    await page.getByRole("link", { name: "Import…" }).click();
    const choose = (name: string, csv: string | Buffer) =>
      page.getByLabel("CSV file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(csv) });
    await choose("latin.csv", Buffer.from("distributor_id,name\nD9001,M\xfcller\n", "latin1"));
    await page.getByText("latin.csv is no UTF-8 text").waitFor();
    await choose("wrong.csv", "distributor_id,sponsor_id,country\nD9001,nobody,DE\nD9002,D1003,Austria\n");
    await page.getByRole("heading", { name: "2 fields are wrong" }).waitFor();
    await page.getByRole("row", { name: /^2 sponsor_id .*add a line for that sponsor/ }).waitFor();
    expect(await page.getByRole("button", { name: /^Import/ }).count()).toBe(0);
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, "import-wrong-1440");
    await choose("people.csv", "distributor_id,sponsor_id,name\nD9001,D1003,Ada New\nD1139,D1003,\nD1004,D1003,\n");
    await page.getByRole("heading", { name: "One gets another sponsor" }).waitFor();
    await pictured(page, "import-preview-1440");
    await page.getByRole("button", { name: "Import 1 new and 1 changed" }).click();
    await page.getByText("Written: 1 new, 1 changed, 1 of them under another sponsor.").waitFor();
    await page.getByRole("link", { name: "To the network" }).click();
    await page.getByRole("treegrid").waitFor();
    await page.goto(`${demo.url}/console/network?chosen=D9001`);
    await page.getByRole("treegrid").getByText("Ada New").waitFor();
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("somebody's period opens the bonuses that it is the sum of, and a bonus the rows that it is, to the last unit", async () => {
    const { page, faults } = await signIn(1440, "light");
    await page.goto(`${demo.url}/console/network?chosen=D1003`);
    await page.getByRole("link", { name: "Whole page" }).click();
    await page.getByRole("heading", { name: "By period" }).waitFor();
    const row = page.getByRole("table", { name: "By period" }).getByRole("row", { name: /2026-09/ });
    const units = (text: string) =>
      Number(/−?[\d,]+\.\d\d(?=\s*EUR)/.exec(text)?.[0].replace("−", "-").replace(/[.,]/g, "") ?? Number.NaN);
    const earned = units((await row.locator("td").last().textContent()) ?? "");
    await row.locator("td").last().getByRole("link").click();
    const bonuses = page.getByRole("table", { name: "Earned in 2026-09" });
    await bonuses.locator("[data-row]").first().waitFor();
    const stands = (await bonuses.locator("tbody tr td:last-child").allInnerTexts()).map(units).filter(Number.isFinite);
    expect(stands.length).toBeGreaterThan(1);
    expect(stands.reduce((sum, one) => sum + one, 0)).toBe(earned);
    await bonuses.locator("tbody tr td:last-child a", { hasText: "EUR" }).last().click();
    const rows = page.getByRole("table", { name: /is the sum of$/ });
    await rows.locator("[data-row]").first().waitFor();
    await settled(page);
    for (let more = page.getByRole("button", { name: "Show more" }).first(); await more.isVisible(); await settled(page))
      await more.click();
    const amounts = (await rows.locator("tbody tr td:last-child").allInnerTexts()).map(units).filter(Number.isFinite);
    expect(amounts.reduce((sum, one) => sum + one, 0)).toBe(stands.at(-1));
    expect(await seriousFaults(page)).toStrictEqual([]);
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("the count beside the overview is that of what it lists", async () => {
    const { page } = await signIn(1440, "light");
    // The demo leaves products unmapped, codes of nobody, a dead letter, a close to confirm, and two shops that cannot be asked.
    await page.getByRole("heading", { name: "6 things wait for you" }).waitFor();
    expect(await page.locator(".todo > li").count()).toBe(6);
    expect(await page.locator(".nav a").first().textContent()).toBe("Overview6");
    await page.context().close();
  });

  test("what the overview loads before it is seen stays small", async () => {
    const { page } = await signIn(1440, "light");
    const { bytes, files } = await loadedBy(page, `${demo.url}/console`);
    process.stdout.write(`the overview loads ${bytes} bytes, gzipped, in ${files} files\n`);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(MOST_BYTES);
    await page.context().close();
  });
});
