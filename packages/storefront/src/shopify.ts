import { type CaptureOptions, capture, type Page, readTouches } from "./capture.ts";
import { CartCarrier, cartDoor } from "./shopify-cart.ts";
import { LineProperties } from "./shopify-forms.ts";
import { askName, SupporterNote } from "./shopify-supporter.ts";
import type { Touch } from "./touches.ts";

/**
 * The script that the theme app embed of Shopify shops loads. Shopify's Customer Privacy API decides whether it may
 * remember; what is remembered it carries to the order: on the cart, and in the forms of products.
 */
interface ShopifyOptions extends CaptureOptions {
  /** Which consent covers this: the merchant's choice; "none" where they need none. */
  readonly consent: "marketing" | "preferences" | "none";
  readonly touch: "first" | "last";
  readonly cart: { readonly cart: string; readonly update: string; readonly attributes: Record<string, unknown> | null };
  /** Where the app says whose code it is; empty where nobody is to be shown. */
  readonly names: string;
}

interface CustomerPrivacy {
  marketingAllowed(): boolean;
  preferencesProcessingAllowed(): boolean;
}

interface ShopifyWindow extends Window {
  Shopify?: {
    customerPrivacy?: CustomerPrivacy;
    loadFeatures?(features: readonly { name: string; version: string }[], done: (error?: unknown) => void): void;
  };
}

interface LinesUpdate extends Event {
  readonly promise?: PromiseLike<unknown>;
}

const shop: ShopifyWindow = window;

function start(): void {
  const options = readOptions();
  if (!options) return;
  const { cart } = options;
  const page = visitedPage(options);
  const carrier = new CartCarrier(
    cartDoor(cart, (...call) => fetch(...call)),
    cart.attributes ?? {},
  );
  const forms = new LineProperties(document);
  const note = noteOf(options);
  const touchOf = (): Touch | null => {
    const touches = readTouches({ ...page, now: Date.now() }, options.windowDays);
    return options.touch === "first" ? touches.f : touches.l;
  };
  const carry = (): void => {
    const allowed = page.isAllowed();
    const touch = allowed ? touchOf() : null;
    forms.say(touch?.[0] ?? null);
    if (allowed === false) note?.forget();
    note?.show(touch?.[0] ?? null);
    // A cart may carry a code from elsewhere, such as a cart link; only a visitor's no takes it off.
    if (touch || allowed === false) carrier.carry(touch);
  };
  capture(options, page);
  carry();
  page.onChoice(carry);
  document.addEventListener("shopify:cart:lines-update", (event: LinesUpdate) => {
    const look = (): void => {
      const touch = page.isAllowed() ? touchOf() : null;
      if (touch) carrier.reassert(touch);
    };
    // The event tells that a change begins; its promise, that the cart has taken it or not.
    Promise.resolve(event.promise).then(look, look);
  });
}

function readOptions(): ShopifyOptions | null {
  try {
    return JSON.parse(document.getElementById("upline-referral")?.textContent ?? "null");
  } catch {
    return null;
  }
}

function visitedPage({ consent }: ShopifyOptions): Page {
  const privacy = () => shop.Shopify?.customerPrivacy;
  const listeners: (() => void)[] = [];
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  if (consent !== "none") {
    document.addEventListener("visitorConsentCollected", tell);
    // Answers later even where it is there already; without it nobody can say, and the code stays in memory.
    shop.Shopify?.loadFeatures?.([{ name: "consent-tracking-api", version: "0.1" }], (error) => {
      if (!error) setTimeout(tell);
    });
  }
  return {
    url: new URL(location.href),
    now: Date.now(),
    readCookies: () => document.cookie,
    writeCookie: (cookie) => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in browsers that buyers use
      document.cookie = cookie;
    },
    isAllowed: () => {
      if (consent === "none") return true;
      const answer = consent === "preferences" ? privacy()?.preferencesProcessingAllowed() : privacy()?.marketingAllowed();
      return answer ?? null;
    },
    onChoice: (listener) => listeners.push(listener),
  };
}

/** Null where the merchant shows nobody, and in a browser that keeps nothing for the visit. */
function noteOf({ names }: ShopifyOptions): SupporterNote | null {
  const root = document.getElementById("upline-supporter");
  if (!root || !names) return null;
  try {
    const nameOf = askName(names, (...call) => fetch(...call));
    return new SupporterNote(root, sessionStorage, nameOf);
  } catch {
    return null;
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
