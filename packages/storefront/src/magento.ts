import { linkOf } from "./capture.ts";

/**
 * The script Magento shops load, deferred, on every page: full-page caches, which take a cookie off every page they keep, cannot
 * hide a referral link from it. It stores nothing itself. It hands the link to the shop, whose answer sets the cookie, so that
 * browsers keep it for as long as the shop says; and only where the visitor came by a link, as every POST makes Magento renew
 * what it shows this visitor.
 */
const { parameter = "", prefix = "", home = "/", visit = "", consent = "", website = "" } = document.currentScript?.dataset ?? {};
const link = linkOf(new URL(location.href), { parameter, prefix, home });
if (link && visit) hand(link);

function hand({ code, via }: { readonly code: string; readonly via: string }): void {
  if (!isAllowed()) {
    // The notice of the cookie restriction mode writes its cookie after the click has been answered.
    const again = () => setTimeout(() => hand({ code, via }), 300);
    document.addEventListener("click", again, { once: true });
    return;
  }
  fetch(visit, {
    method: "POST",
    credentials: "same-origin",
    keepalive: true,
    headers: { "X-Requested-With": "XMLHttpRequest", "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ code, via, path: location.pathname }).toString(),
    // A shop that does not answer is no business of the visitor's.
  }).catch(() => undefined);
}

/** Magento's own cookie restriction mode: `{"1":1}` says that the visitor of website 1 has agreed. */
function isAllowed(): boolean {
  if (consent !== "ask") return true;
  const found = document.cookie.match(/(?:^|; )user_allowed_save_cookie=([^;]*)/);
  try {
    return Boolean(JSON.parse(decodeURIComponent(found?.[1] ?? "{}"))[website]);
  } catch {
    return false;
  }
}
