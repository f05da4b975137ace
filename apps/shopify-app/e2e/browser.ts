import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CHROMIUM_ARGS, PATIENCE_MS } from "@upline/testing/chromium";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Bots are turned away by Shopify's library, and a headless Chromium says that it is one. */
const USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const SHOTS = join(import.meta.dirname, "shots");

export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the pages complained of: errors of scripts, and files that did not come. */
  readonly complaints: string[];
}

/** A real Chromium without the internet, and pictures of what was seen. */
export class Eyes {
  readonly #browser: Browser;
  #shots = 0;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async open(executablePath: string): Promise<Eyes> {
    rmSync(SHOTS, { recursive: true, force: true });
    mkdirSync(SHOTS, { recursive: true });
    return new Eyes(await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] }));
  }

  async person(size: { width: number; height: number } = { width: 1280, height: 900 }): Promise<Person> {
    const context = await this.#browser.newContext({ userAgent: USER_AGENT, viewport: size, locale: "en-GB" });
    // What is slow is measured elsewhere.
    context.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    await context.route("**/*", (route) => {
      const { hostname } = new URL(route.request().url());
      if (hostname === "127.0.0.1") return route.continue();
      complaints.push(`asked the internet for ${route.request().url()}`);
      return route.abort("internetdisconnected");
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("response", async (response) => {
      if (response.status() < 500) return;
      const place = complaints.push(`${response.status()} ${response.url()}`) - 1;
      const said = await response.text().catch(() => "");
      complaints[place] += ` ${said.match(/<h1.*?<\/main>/s)?.[0].slice(0, 400) ?? said.slice(0, 400)}`;
    });
    return { context, page, complaints };
  }

  async shot(page: Page, name: string): Promise<void> {
    this.#shots += 1;
    await page.screenshot({ path: join(SHOTS, `${String(this.#shots).padStart(2, "0")}-${name}.png`) });
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
