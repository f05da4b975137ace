import type { Frame, Page } from "playwright-core";

/** What Shopify judges apps by, as near as one load in one browser can tell: proxies, not field data. */
export interface Measures {
  /** Bytes over the wire (compressed), of scripts, of styles, of all. */
  readonly scriptBytes: number;
  readonly styleBytes: number;
  readonly allBytes: number;
  readonly requests: number;
  readonly lcpMs: number;
  readonly cls: number;
  /** The slowest answer to an interaction so far; 0 where there was none. */
  readonly inpMs: number;
}

/** Begins to watch before the page's own scripts run. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { lcp: 0, cls: 0, inp: 0 };
    Object.assign(window, { seenVitals: seen });
    const observe = (type: string, note: (entry: PerformanceEntry) => void, options = {}) =>
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...options });
    observe("largest-contentful-paint", ({ startTime }) => {
      seen.lcp = startTime;
    });
    observe("layout-shift", (entry) => {
      const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
      if (!shift.hadRecentInput) seen.cls += shift.value;
    });
    const slowest = ({ duration }: PerformanceEntry) => {
      seen.inp = Math.max(seen.inp, duration);
    };
    observe("event", slowest, { durationThreshold: 16 });
  });
}

export async function measure(frame: Page | Frame): Promise<Measures> {
  return await frame.evaluate(() => {
    const { seenVitals: seen } = window as unknown as { seenVitals: { lcp: number; cls: number; inp: number } };
    const files = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const [document] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const bytes = (of: readonly PerformanceResourceTiming[]) => of.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    const named = (ending: RegExp) => files.filter(({ name }) => ending.test(new URL(name).pathname));
    return {
      scriptBytes: bytes(named(/\.js$/)),
      styleBytes: bytes(named(/\.css$/)),
      allBytes: bytes(files) + (document?.encodedBodySize ?? 0),
      requests: files.length + 1,
      lcpMs: Math.round(seen.lcp),
      cls: Math.round(seen.cls * 10_000) / 10_000,
      inpMs: Math.round(seen.inp),
    };
  });
}
