/** A function that fetches: the app's own seam to the outside. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

const SHOP_ADDRESS = /^https:\/\/([a-z0-9][a-z0-9-]*\.myshopify\.com)(\/.*)?$/;

/**
 * How the app calls Shopify: as it is, or, in development, with every shop's address below that of a stand-in
 * (`<standin>/shops/<shop>/…`). The only place that knows of it; `env.ts` refuses it in production.
 */
export function fetchFor(standinUrl: string | null): Fetch {
  if (standinUrl === null) return (input, init) => fetch(input, init);
  return (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    const [, shop, path = "/"] = SHOP_ADDRESS.exec(address) ?? [];
    if (shop === undefined) return fetch(input, init);
    const there = `${standinUrl}/shops/${shop}${path}`;
    return fetch(input instanceof Request ? new Request(there, input) : there, init);
  };
}
