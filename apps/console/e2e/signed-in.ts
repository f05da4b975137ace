import type { Browser, BrowserContext, Page } from "playwright-core";
import { openPage } from "./browser.ts";
import type { DemoHub } from "./demo-hub.ts";

export interface Seen {
  readonly page: Page;
  /** What the console of the browser complained of, and requests that failed. */
  readonly faults: string[];
}

export interface Looker {
  readonly width?: number;
  /** How large a picture is of what is seen. */
  readonly scale?: number;
  readonly shade?: "light" | "dark";
  readonly role?: "owner" | "finance" | "support" | "distributor";
  readonly locale?: string;
}

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;
/** By demo and role: the hub bounds how often somebody may sign in, and each suite has more tests than that. */
const sessions = new Map<string, State>();

/** The demo as somebody with that role opens it: the console, or for a distributor the portal. */
export async function signIn(browser: Browser, demo: DemoHub, looker: Looker = {}): Promise<Seen> {
  const { width = 1440, scale = 1, shade = "light", role = "owner", locale = "en" } = looker;
  const who = `${demo.url} ${role}`;
  const known = sessions.get(who);
  const looks = { viewport: { width, height: 900 }, deviceScaleFactor: scale, colorScheme: shade, locale };
  const page = await openPage(browser, known === undefined ? looks : { ...looks, storageState: known });
  await page.goto(`${demo.url}/${role === "distributor" ? "portal" : "console"}`);
  if (known === undefined) {
    await page.locator("input[type=email]").fill(`${role}@demo.example`);
    await page.locator("input[type=password]").fill(demo.password);
    await page.keyboard.press("Enter");
  }
  await page.locator("main#page h1").waitFor();
  if (known === undefined) sessions.set(who, { ...(await page.context().storageState()), origins: [] });
  // From here on: before it was known who it is, the hub was right to refuse.
  const faults: string[] = [];
  page.on("console", (said) => said.type() === "error" && faults.push(said.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("response", (response) => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`));
  return { page, faults };
}
