/** Where a referral link leads: one of the company's own shops, and nothing else, whatever the link or its caller says. */

/** What shops look for in an address: see docs/connect.md. */
const CODE_PARAMETER = "ref";
const TAGS = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"] as const;
const LONGEST_TAG = 100;
const LONGEST_PATH = 500;

export interface ShopAddress {
  readonly storeId: string;
  readonly domain: string;
  /** As its plugin told it; it may have a path. */
  readonly homeUrl: string | null;
}

export interface Going {
  readonly shop: ShopAddress;
  /** Null where nobody is to be credited. */
  readonly code: string | null;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The shop's address with the path below it and the code. The host is the shop's: a path is set, and never resolved. */
export function targetOf({ shop, code, path, tags }: Going): string {
  const url = new URL(shop.homeUrl ?? `https://${shop.domain}/`);
  const { origin } = url;
  const below = `/${path}`
    .replaceAll("\\", "/")
    .replace(/\/{2,}/g, "/")
    .slice(0, LONGEST_PATH);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${below}`;
  url.search = "";
  url.hash = "";
  if (code !== null) url.searchParams.set(CODE_PARAMETER, code);
  for (const [name, value] of Object.entries(tags)) url.searchParams.set(name, value);
  // Nothing leads here; a redirect to elsewhere would be worth more to somebody than a click.
  if (url.origin !== origin) return `${origin}/`;
  return url.href;
}

/** The tags of a campaign among what was sent, cut to what an address bears; the rest is dropped. */
export function tagsIn(sent: (name: string) => string | undefined): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const name of TAGS) {
    const value = sent(name);
    if (value !== undefined && value !== "") tags[name] = value.slice(0, LONGEST_TAG);
  }
  return tags;
}

export const TAG_NAMES = TAGS;
