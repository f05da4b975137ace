import { QueryClient } from "@tanstack/react-query";
import { createHubClient, HubProblem } from "@upline/hub/client";

const CHOSEN = "upline-company";
let company: string | null = null;

/** From now on everything is asked of this company. */
export function chooseCompany(slug: string | null): void {
  company = slug;
  if (slug !== null) localStorage.setItem(CHOSEN, slug);
}

/** For what sends no headers of its own. */
export const companyInUse = (): string | null => company;

/** Of these the one that was looked at last, or the first. */
export function chosenCompany(slugs: readonly string[]): string | null {
  const last = localStorage.getItem(CHOSEN);
  return slugs.find((slug) => slug === last) ?? slugs[0] ?? null;
}

/** The hub that this page came from, asked with the cookie of whoever is signed in. */
export const hub = createHubClient({
  url: window.location.origin,
  key: null,
  fetch: (input, init) => {
    const headers = new Headers(init?.headers);
    if (company !== null) headers.set("upline-company", company);
    return fetch(input, { ...init, headers });
  },
});

/** What a person may be shown at once stays for a while; a refusal is not asked again, a hub that is away is. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 300_000,
      retry: (failures, error) => failures < 2 && (!(error instanceof HubProblem) || error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: true,
    },
  },
});
