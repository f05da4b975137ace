import type { Page } from "playwright-core";

/** What a browser tells of one visit to a page, in milliseconds; the shift of its layout has no unit. */
export interface PageFigures {
  /** First paint of anything that is content. */
  readonly paintMs: number;
  /** Until the largest thing of the first screen stands. */
  readonly largestMs: number;
  readonly shift: number;
  /** The slowest answer to a key or a click: stands for what field data would call INP. */
  readonly inputMs: number;
}

/** Kept on the window by `OBSERVE`. */
interface Kept {
  largest: number;
  shift: number;
  input: number;
}

/** Runs before anything of the page does. A text, because it is the browser's and not checked with this file's types. */
const OBSERVE = `
  window.benchKept = { largest: 0, shift: 0, input: 0 };
  const watch = (type, take, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", (entry) => { benchKept.largest = entry.startTime; });
  watch("layout-shift", (entry) => { if (!entry.hadRecentInput) benchKept.shift += entry.value; });
  watch("event", (entry) => { benchKept.input = Math.max(benchKept.input, entry.duration); }, { durationThreshold: 16 });
`;

/** From now on each page that is opened keeps its figures. */
export async function observe(page: Page): Promise<void> {
  await page.addInitScript(OBSERVE);
}

/** How much of what stood there was moved so far, without anybody's doing. */
export async function shiftOf(page: Page): Promise<number> {
  return (await page.evaluate<Kept>("benchKept")).shift;
}

export async function figuresOf(page: Page): Promise<PageFigures> {
  const paintMs = await page.evaluate<number>(
    'performance.getEntriesByType("paint").find(({ name }) => name === "first-contentful-paint")?.startTime ?? 0',
  );
  // Before anybody touches it: from then on what is largest is not looked for any more.
  const before = await page.evaluate<Kept>("benchKept");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  // In the margin: nothing is opened by it.
  await page.mouse.click(2, 450);
  await page.evaluate("new Promise((done) => setTimeout(done, 100))");
  const { input } = await page.evaluate<Kept>("benchKept");
  return { paintMs, largestMs: before.largest, shift: before.shift, inputMs: input };
}
