import type { FrameLocator, Locator, Page } from "playwright-core";
import { demand } from "./judge.ts";

/** Somebody without a mouse: goes on with Tab until the focus is where it has to be, and sees where it is. */
export class Keys {
  readonly #page: Page;
  readonly #frame: FrameLocator;

  constructor(page: Page, frame: FrameLocator) {
    this.#page = page;
    this.#frame = frame;
  }

  async to(target: Locator): Promise<void> {
    await target.waitFor();
    for (let steps = 0; steps < 120; steps += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) {
        demand(await this.#isSeen(), `the focus on ${target} is not to be seen`);
        return;
      }
      await this.#page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not lead to ${target}`);
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** The browser takes it for a focus that came by the keyboard, which the pages mark. */
  async #isSeen(): Promise<boolean> {
    return (await this.#frame.locator(":focus-visible").count()) > 0;
  }
}
