import type { Page, Request } from "playwright-core";

/** What pages ask of the API, to be asked again by itself. */

export interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Keeps each GET of the API that a page makes, once. Answers a way to take them. */
export function keepAsked(page: Page): () => Promise<Asked[]> {
  let kept: Request[] = [];
  page.on("request", (request) => {
    const isAsked = request.method() === "GET" && /\/api\/(?!events)/.test(request.url());
    if (isAsked && !kept.some((other) => other.url() === request.url())) kept.push(request);
  });
  return async () => {
    const taken = kept;
    kept = [];
    return Promise.all(taken.map(async (request) => ({ url: request.url(), headers: await headersOf(request) })));
  };
}

/** Who asks and for which company; the rest is the browser's own. */
async function headersOf(request: Request): Promise<Record<string, string>> {
  const all = await request.allHeaders();
  return Object.fromEntries(["cookie", "upline-company"].flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
}

export interface Timed {
  readonly firstMs: number;
  readonly p95Ms: number;
}

/** Asks so many times, one after the other. Throws where it is refused. */
export async function timeAsked({ url, headers }: Asked, times: number): Promise<Timed> {
  const took: number[] = [];
  for (let time = 0; time < times; time++) {
    const begun = performance.now();
    const response = await fetch(url, { headers });
    await response.arrayBuffer();
    took.push(performance.now() - begun);
    if (response.status >= 500) throw new Error(`${url} was answered ${response.status}`);
  }
  const sorted = took.toSorted((a, b) => a - b);
  return { firstMs: took[0] ?? 0, p95Ms: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0 };
}
