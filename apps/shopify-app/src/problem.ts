/** RFC 9457 problem details, as the hub answers them. */
export function problem(status: number, code: string, detail: string): Response {
  return new Response(JSON.stringify({ type: `urn:upline:error:${code}`, title: TITLES[code] ?? code, status, code, detail }), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
  });
}

const TITLES: Readonly<Record<string, string>> = {
  "bad-request": "The request cannot be understood",
  unauthorized: "Show the key, or sign the request",
  "bad-signature": "The signature does not match",
  "foreign-shop": "The body is another shop's",
  "not-found": "Not found",
  "method-not-allowed": "This address does not take that method",
  "not-installed": "This shop has not installed the app",
  "needs-reopen": "The merchant has to open the app",
  "too-large": "The body is too large",
  "too-many": "Too many requests",
  unavailable: "Try again shortly",
  internal: "Something went wrong on our side",
};
