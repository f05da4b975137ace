/** What a theme's page has of Shopify itself: `window.Shopify` with the Customer Privacy API, and the cookie banner. */
export {};

interface Consent {
  readonly marketing: boolean;
  readonly analytics: boolean;
  readonly preferences: boolean;
  readonly sale_of_data: boolean;
}

const shop: { readonly domain: string; readonly root: string; readonly currency: string; readonly banner: boolean } = JSON.parse(
  document.getElementById("shopify-shop")?.textContent ?? "{}",
);
const COOKIE = "_tracking_consent";
const read = (): Consent | null => {
  const found = document.cookie.match(new RegExp(`(?:^|; )${COOKIE}=([^;]*)`));
  return found ? JSON.parse(decodeURIComponent(found[1] ?? "")) : null;
};
/** Where no banner is asked for, everything is allowed until somebody says no. */
const allowed = (purpose: keyof Consent): boolean => read()?.[purpose] ?? !shop.banner;

const customerPrivacy = {
  marketingAllowed: () => allowed("marketing"),
  analyticsProcessingAllowed: () => allowed("analytics"),
  preferencesProcessingAllowed: () => allowed("preferences"),
  saleOfDataAllowed: () => allowed("sale_of_data"),
  userCanBeTracked: () => allowed("analytics"),
  shouldShowBanner: () => shop.banner && read() === null,
  getRegion: () => "DE",
  currentVisitorConsent: () => {
    const say = (value: boolean | undefined) => (value === undefined ? "" : value ? "yes" : "no");
    const consent = read();
    return {
      marketing: say(consent?.marketing),
      analytics: say(consent?.analytics),
      preferences: say(consent?.preferences),
      sale_of_data: say(consent?.sale_of_data),
    };
  },
  setTrackingConsent: (consent: Partial<Consent>, done: () => void = () => undefined) => {
    const whole: Consent = { marketing: false, analytics: false, preferences: false, sale_of_data: false, ...read(), ...consent };
    // biome-ignore lint/suspicious/noDocumentCookie: as Shopify's own script does
    document.cookie = `${COOKIE}=${encodeURIComponent(JSON.stringify(whole))};path=${shop.root};max-age=31536000;samesite=lax`;
    const detail = {
      marketingAllowed: whole.marketing,
      analyticsAllowed: whole.analytics,
      preferencesAllowed: whole.preferences,
      saleOfDataAllowed: whole.sale_of_data,
    };
    document.dispatchEvent(new CustomEvent("visitorConsentCollected", { detail }));
    done();
  },
};

const Shopify: Record<string, unknown> = {
  shop: shop.domain,
  locale: "en",
  currency: { active: shop.currency, rate: "1.0" },
  routes: { root: shop.root },
  designMode: false,
  // The API is there only after it was asked for, and not at once.
  loadFeatures: (features: readonly { name: string }[], done?: (error?: Error) => void) => {
    setTimeout(() => {
      if (features.some(({ name }) => name === "consent-tracking-api")) Shopify.customerPrivacy = customerPrivacy;
      done?.();
    }, 20);
  },
};
Object.assign(window, { Shopify });

document.addEventListener("DOMContentLoaded", () => {
  const banner = document.getElementById("cookie-banner");
  if (!banner) return;
  banner.hidden = !customerPrivacy.shouldShowBanner();
  const choose = (yes: boolean) => () => {
    customerPrivacy.setTrackingConsent({ marketing: yes, analytics: yes, preferences: yes, sale_of_data: yes });
    banner.hidden = true;
  };
  document.getElementById("cookies-accept")?.addEventListener("click", choose(true));
  document.getElementById("cookies-decline")?.addEventListener("click", choose(false));
});

// As themes do it: a product goes into the cart without leaving the page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const submitter = event.submitter;
  if (!(form instanceof HTMLFormElement) || form.dataset.ajax === undefined || submitter?.getAttribute("formaction")) return;
  event.preventDefault();
  const response = await fetch(`${shop.root}cart/add.js`, { method: "POST", body: new FormData(form) });
  const note = document.getElementById("cart-note");
  if (note) note.textContent = response.ok ? "In your cart" : (await response.json()).description;
  document.dispatchEvent(new CustomEvent("shopify:cart:lines-update", { bubbles: true }));
});
