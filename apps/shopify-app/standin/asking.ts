import type { Standin } from "./start.ts";

/** Asks a stand-in what an app asks Shopify; for suites that need no app of their own. */

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

export interface OfflineToken {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly scope: string;
}

/** An offline token of an installed shop, by the exchange of a session token. */
export async function offlineToken({ url, site }: Standin, domain: string): Promise<OfflineToken> {
  const response = await post(`${url}/shops/${domain}/admin/oauth/access_token`, {
    ...site.credentials,
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: site.tokens.sessionToken(site.shopOf(domain)),
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
    expiring: "1",
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as OfflineToken;
}

interface Asked {
  readonly domain: string;
  readonly token: string;
  readonly variables?: Record<string, unknown>;
}

/** The whole answer to a GraphQL document. */
export async function ask({ url }: Standin, { domain, token, variables }: Asked, query: string): Promise<Answered> {
  const address = `${url}/shops/${domain}/admin/api/2026-10/graphql.json`;
  const response = await post(address, { query, variables }, { "x-shopify-access-token": token });
  return (await response.json()) as Answered;
}

/** An answer as JSON; what is asked of it is not known here. */
export interface Answered {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it has asked for
  readonly data?: any;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
  readonly extensions?: {
    readonly cost: { readonly requestedQueryCost: number; readonly throttleStatus: { readonly currentlyAvailable: number } };
  };
}
