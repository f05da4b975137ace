import { parseBody } from "@upline/core";

const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/;
const STATUS_PATH = /^\/(\d{1,20})\/(?:account\/)?orders\//;

/**
 * The shop that a body was signed for. All shops of an app share one address and one secret, and the
 * shop header is not signed, so only the signed body counts. The answer is one of two:
 *
 * - the shop's `….myshopify.com` domain, where the body names it: `myshopify_domain` (app/uninstalled,
 *   shop/update), `shop_domain` (the compliance topics), or the host of `order_status_url` (orders);
 * - else the shop's numeric id, as digits: an order's status page is usually on the shop's own domain,
 *   which can change hands, and then only `/{shop id}/orders/…` in its path tells the shop for good.
 *   A store has to be known by both its domain and its id.
 *
 * Null, so refused: bodies that name no shop (refunds/create, orders/edited, orders/delete,
 * products/*, and orders whose subscription leaves out `order_status_url`), and bodies whose names
 * disagree. A refund or an edit is not lost by that: an orders/updated follows each, and carries it;
 * deletions and product changes are found by reconciliation, or come to a store's own address.
 */
export function shopOfBody(body: string, _topic: string): string | null {
  let value: Record<string, unknown>;
  try {
    value = parseBody(body);
  } catch {
    return null;
  }
  const status = statusPage(value.order_status_url);
  const domains = [value.myshopify_domain, value.shop_domain, status?.host].flatMap(domainIn);
  const ids = [status?.shopId, value.shop_id, "myshopify_domain" in value ? value.id : undefined].flatMap(idIn);
  if (new Set(domains).size > 1 || new Set(ids).size > 1) return null;
  return domains[0] ?? ids[0] ?? null;
}

function domainIn(name: unknown): string[] {
  const lower = typeof name === "string" ? name.toLowerCase() : "";
  return SHOP_DOMAIN.test(lower) ? [lower] : [];
}

/** A shop's id as a number, as digits, or as `gid://shopify/Shop/…`; zero is nobody's. */
function idIn(id: unknown): string[] {
  const digits = typeof id === "string" || typeof id === "number" ? String(id).replace("gid://shopify/Shop/", "") : "";
  return /^[1-9]\d{0,19}$/.test(digits) ? [digits] : [];
}

function statusPage(address: unknown): { host: string; shopId: string } | null {
  if (typeof address !== "string" || !URL.canParse(address)) return null;
  const { protocol, hostname, pathname } = new URL(address);
  const shopId = STATUS_PATH.exec(pathname)?.[1];
  return protocol === "https:" && shopId !== undefined ? { host: hostname, shopId } : null;
}
