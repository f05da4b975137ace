import { type CaptureOptions, capture } from "./capture.ts";

/**
 * The script WooCommerce shops load, deferred, on every page. Page caches cannot hide a referral link from it,
 * and the WP Consent API, where the shop has it, decides whether it may remember.
 */
interface WordPressWindow extends Window {
  uplineCapture?: CaptureOptions & { consent: string; category: string };
  wp_has_consent?: (category: string) => boolean;
}

const shop = window as WordPressWindow;
const options = shop.uplineCapture;
if (options) {
  capture(options, {
    url: new URL(location.href),
    now: Date.now(),
    readCookies: () => document.cookie,
    writeCookie: (cookie) => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in browsers that buyers use
      document.cookie = cookie;
    },
    isAllowed: () => (options.consent === "ask" ? (shop.wp_has_consent?.(options.category) ?? null) : true),
    onChoice: (listener) => {
      if (options.consent !== "ask") return;
      for (const event of ["wp_listen_for_consent_change", "wp_consent_type_defined"])
        document.addEventListener(event, () => setTimeout(listener));
      window.addEventListener("load", listener);
    },
  });
}
