import type { Checkout, ExtensionApi } from "@shopify/web-pixels-extension";
import { CODE_KEY } from "@upline/storefront/order-keys";
import { decodeTouches, parseCode } from "@upline/storefront/touches";

/** As long as any link may count; the hub judges what it was told by its own window. */
const LONGEST_WINDOW_SECONDS = 90 * 86_400;

/**
 * Tells the app which code a completed checkout carried, and nothing of the buyer. It is evidence beside the order's
 * own: browsers block such calls, so that no commission may hang on them.
 */
export function watchPurchases({ analytics, browser, customerPrivacy, init, settings }: ExtensionApi): void {
  let isAllowed = init.customerPrivacy.marketingAllowed;
  customerPrivacy.subscribe("visitorConsentCollected", ({ customerPrivacy: chosen }) => {
    isAllowed = chosen.marketingAllowed;
  });
  analytics.subscribe("checkout_completed", async ({ clientId, data: { checkout } }) => {
    if (!isAllowed) return;
    const code = codeOf(checkout) ?? codeOfCookie(await browser.cookie.get("upline_ref"));
    if (code === null) return;
    // Plain text needs no question beforehand, which a page that is being left would not wait for.
    await fetch(`${String(settings.app_url)}/evidence/pixel`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: JSON.stringify({
        shop: init.data.shop.myshopifyDomain,
        order_id: checkout.order?.id ?? undefined,
        checkout_token: checkout.token ?? undefined,
        client_id: clientId ?? undefined,
        code,
      }),
      keepalive: true,
    });
  });
}

/** What the order itself will say: its attributes first, then the lines, as a "Buy now" leaves them. */
function codeOf({ attributes, lineItems }: Checkout): string | null {
  const said = [
    ...attributes.filter(({ key }) => key === CODE_KEY).map(({ value }) => value),
    ...lineItems.flatMap(({ properties }) => (properties ?? []).filter(({ key }) => key === CODE_KEY).map(({ value }) => value)),
  ];
  return said.map(parseCode).find((code) => code !== null) ?? null;
}

/** What the storefront remembers, where the order lost it. */
function codeOfCookie(cookie: string): string | null {
  try {
    const now = Math.floor(Date.now() / 1000);
    return decodeTouches(decodeURIComponent(cookie), now, LONGEST_WINDOW_SECONDS).l?.[0] ?? null;
  } catch {
    return null;
  }
}
