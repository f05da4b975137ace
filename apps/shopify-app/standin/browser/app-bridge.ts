/**
 * A stand-in for App Bridge, loaded by the app's pages inside the fake admin. It gives the page `window.shopify`, puts a fresh
 * session token on each request to the app, and shows in the admin around it what the real one shows: navigation, title,
 * save bar, toasts, consent to scopes. Outside a frame it leads into the admin, as the real one does.
 */
export {};

type Send = Record<string, unknown> & { readonly type: string };

const script = document.currentScript;
const address = new URL(location.href);
const KEPT = ["shop", "host", "locale", "embedded"] as const;
const kept = (name: string): string => {
  const given = address.searchParams.get(name);
  if (given !== null) sessionStorage.setItem(`app-bridge-${name}`, given);
  return given ?? sessionStorage.getItem(`app-bridge-${name}`) ?? "";
};
const config = {
  apiKey:
    script?.getAttribute("data-api-key") ?? document.querySelector("meta[name=shopify-api-key]")?.getAttribute("content") ?? "",
  ...Object.fromEntries(KEPT.map((name) => [name, kept(name)])),
};

if (window.top === window) {
  // A page of the app by itself belongs into the admin.
  const admin = script instanceof HTMLScriptElement ? new URL(script.src).origin : "";
  const handle = kept("shop").replace(".myshopify.com", "");
  if (admin && handle) location.replace(`${admin}/admin/${handle}/app${address.pathname}`);
}

let asked = 0;
const waiting = new Map<number, (answer: unknown) => void>();
const tell = (message: Send): void => window.parent.postMessage({ from: "app-bridge", ...message }, "*");
const ask = <Answer>(message: Send): Promise<Answer> =>
  new Promise((resolve) => {
    asked += 1;
    waiting.set(asked, (answer) => resolve(answer as Answer));
    tell({ ...message, question: asked });
  });

window.addEventListener("message", ({ data, source }) => {
  if (source !== window.parent || data?.from !== "admin") return;
  if (data.type === "answer") {
    waiting.get(data.question)?.(data.answer);
    waiting.delete(data.question);
  }
  if (data.type === "follow") follow(data.index);
  if (data.type === "press") press(data.action);
});

const idToken = (): Promise<string> => ask<string>({ type: "id-token" });

// The page in between: the token that the server missed is brought to where it was asked for.
const reload = address.searchParams.get("shopify-reload");
if (reload) {
  void idToken().then((token) => {
    const target = new URL(reload);
    target.searchParams.set("id_token", token);
    location.replace(target);
  });
}

const plainFetch = window.fetch.bind(window);
window.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== location.origin) return plainFetch(request);
  const send = async (): Promise<Response> => {
    const copy = request.clone();
    const headers = new Headers(copy.headers);
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${await idToken()}`);
    headers.set("x-requested-with", "XMLHttpRequest");
    return plainFetch(new Request(copy, { headers }));
  };
  const response = await send();
  const again = response.status === 401 && response.headers.has("x-shopify-retry-invalid-session-request");
  const settled = again ? await send() : response;
  const elsewhere = settled.headers.get("x-shopify-api-request-failure-reauthorize-url");
  if (!elsewhere) return settled;
  // The admin goes elsewhere, and this page with it: nobody is to see what it would make of the answer.
  tell({ type: "leave", url: new URL(elsewhere, location.href).href });
  return new Promise(() => {});
};

// Navigation: links of the app's menu, shown by the admin and followed here.
const menu = (): HTMLAnchorElement[] => [...document.querySelectorAll<HTMLAnchorElement>("s-app-nav a, ui-nav-menu a")];
function follow(index: number): void {
  const link = menu()[index];
  if (!link) return;
  const event = new CustomEvent("shopify:navigate", { bubbles: true, cancelable: true });
  link.dispatchEvent(event);
}

/** What a save bar is about: a `<ui-save-bar>` with buttons of its own, or a form with `data-save-bar`. */
let bar: { readonly kind: "element" | "form"; readonly element: HTMLElement } | null = null;
function press(action: "save" | "discard" | "title-primary"): void {
  if (action === "title-primary") {
    document.querySelector<HTMLButtonElement>("ui-title-bar button[variant=primary]")?.click();
    return;
  }
  const { kind, element } = bar ?? {};
  if (!element) return;
  if (kind === "form" && element instanceof HTMLFormElement) {
    if (action === "save") element.requestSubmit();
    else element.reset();
    showBar(null);
    return;
  }
  const primary = element.querySelector<HTMLButtonElement>("button[variant=primary]");
  const plain = element.querySelector<HTMLButtonElement>("button:not([variant=primary])");
  (action === "save" ? primary : plain)?.click();
}
function showBar(shown: typeof bar): void {
  bar = shown;
  tell({ type: "save-bar", shown: shown !== null });
}
const formBar = ({ target }: Event): void => {
  const form = target instanceof Element ? target.closest<HTMLFormElement>("form[data-save-bar]") : null;
  if (form) showBar({ kind: "form", element: form });
};
document.addEventListener("input", formBar);
document.addEventListener("change", formBar);

const barOf = (id: string): HTMLElement | null => document.getElementById(id);
const saveBar = {
  show: async (id: string) => {
    const element = barOf(id);
    if (element) showBar({ kind: "element", element });
  },
  hide: async (_id: string) => showBar(null),
  toggle: async (id: string) => (bar ? saveBar.hide(id) : saveBar.show(id)),
  leaveConfirmation: async () => undefined,
};

class Quiet extends HTMLElement {
  connectedCallback(): void {
    this.style.display = "none";
    announce();
    new MutationObserver(announce).observe(this, { childList: true, subtree: true, attributes: true, characterData: true });
  }
  disconnectedCallback(): void {
    announce();
  }
}
class SaveBar extends Quiet {
  show = (): Promise<void> => saveBar.show(this.id);
  hide = (): Promise<void> => saveBar.hide(this.id);
  override disconnectedCallback(): void {
    if (bar?.element === this) showBar(null);
    super.disconnectedCallback();
  }
}
class Modal extends HTMLElement {
  connectedCallback(): void {
    if (!this.hasAttribute("open")) this.style.display = "none";
  }
  show = async (): Promise<void> => {
    this.setAttribute("open", "");
    this.style.cssText =
      "display:block;position:fixed;inset:10% 20%;background:#fff;padding:1rem;z-index:999;box-shadow:0 0 0 99vmax #0006";
    this.dispatchEvent(new Event("show"));
  };
  hide = async (): Promise<void> => {
    this.removeAttribute("open");
    this.style.display = "none";
    this.dispatchEvent(new Event("hide"));
  };
  toggle = (): Promise<void> => (this.hasAttribute("open") ? this.hide() : this.show());
}

/** What the menu and the title say now; asked for after each change of the page. */
function announce(): void {
  const links = menu().filter((link) => link.getAttribute("rel") !== "home");
  const titleBar = document.querySelector("ui-title-bar");
  tell({
    type: "page",
    title: titleBar?.getAttribute("title") ?? document.title,
    primary: titleBar?.querySelector("button[variant=primary]")?.textContent ?? null,
    links: links.map((link) => ({
      index: menu().indexOf(link),
      label: link.textContent ?? "",
      path: new URL(link.href, location.href).pathname,
    })),
    path: location.pathname + location.search,
  });
}
for (const name of ["ui-title-bar", "ui-nav-menu", "s-app-nav"]) customElements.define(name, class extends Quiet {});
customElements.define("ui-save-bar", SaveBar);
for (const name of ["ui-modal", "s-modal", "s-app-window"]) customElements.define(name, class extends Modal {});
for (const name of ["pushState", "replaceState"] as const) {
  const before = history[name].bind(history);
  history[name] = (...given: Parameters<History["pushState"]>) => {
    before(...given);
    setTimeout(announce);
  };
}
window.addEventListener("popstate", () => setTimeout(announce));
document.addEventListener("DOMContentLoaded", announce);

// A link that leaves the frame is the admin's to follow.
const plainOpen = window.open.bind(window);
window.open = (url, target, features) => {
  if (target === "_top" || target === "_parent") {
    tell({ type: "leave", url: new URL(String(url), location.href).href });
    return null;
  }
  if (target === "_self" || target === undefined) {
    location.assign(String(url));
    return window;
  }
  return plainOpen(url, target, features);
};

let toasts = 0;
const toast = {
  show: (text: string, options: { isError?: boolean; duration?: number } = {}) => {
    toasts += 1;
    tell({ type: "toast", id: `toast-${toasts}`, text, isError: options.isError ?? false });
    return `toast-${toasts}`;
  },
  hide: (id: string) => tell({ type: "toast-hide", id }),
};
const modal = {
  show: async (id: string) => (document.getElementById(id) as Modal | null)?.show(),
  hide: async (id: string) => (document.getElementById(id) as Modal | null)?.hide(),
  toggle: async (id: string) => (document.getElementById(id) as Modal | null)?.toggle(),
};

Object.assign(window, {
  shopify: {
    config,
    origin: location.origin,
    ready: Promise.resolve(),
    environment: { mobile: false, embedded: window.top !== window, pos: false, intent: false },
    loading: (isLoading?: boolean) => tell({ type: "loading", isLoading: isLoading ?? false }),
    idToken,
    user: async () => ({ accountAccess: "full" }),
    toast,
    saveBar,
    modal,
    scopes: {
      query: () => ask({ type: "scopes" }),
      request: (scopes: readonly string[]) => ask({ type: "scopes-request", scopes }),
      revoke: (scopes: readonly string[]) => ask({ type: "scopes-revoke", scopes }),
    },
    app: { extensions: () => ask({ type: "extensions" }) },
    webVitals: { onReport: async () => undefined },
    setSignals: () => undefined,
  },
});
