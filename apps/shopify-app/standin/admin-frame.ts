import { createHmac } from "node:crypto";
import { Hono } from "hono";
import { REQUIRED_SCOPES } from "./caller.ts";
import { Html, html, jsonScript } from "./html.ts";
import { browserScript } from "./scripts.ts";
import type { Shop } from "./shop.ts";
import type { Site } from "./site.ts";

/** The admin's page around the app: `/admin/<shop>/app/<path of the app>`. A shop that has not installed the app is asked to. */
export function adminFrame(site: Site): Hono {
  const app = new Hono();
  const script = (name: "app-bridge" | "admin") =>
    new Response(browserScript(name), { headers: { "content-type": "text/javascript" } });
  app.get("/app-bridge.js", () => script("app-bridge"));
  app.get("/admin.js", () => script("admin"));
  app.get("/admin", (c) =>
    c.html(page("Shops", html`<main class="plain"><h1>Shops</h1><ul>${[...site.shops.values()].map(shopLink)}</ul></main>`).text),
  );
  app.get("/admin/:handle", (c) => c.redirect(`/admin/${c.req.param("handle")}/app/`));
  app.on("GET", ["/admin/:handle/app", "/admin/:handle/app/*"], (c) => {
    const shop = site.shops.get(`${c.req.param("handle")}.myshopify.com`);
    if (!shop) return c.notFound();
    if (!site.tokens.installation(shop)) return c.html(installPage(shop).text);
    const path = new URL(c.req.url).pathname.slice(`/admin/${handleOf(shop)}/app`.length);
    return c.html(framePage(site, shop, { path: path || "/", locale: c.req.query("locale") ?? "en" }).text);
  });
  app.post("/admin/:handle/install", (c) => {
    site.install(`${c.req.param("handle")}.myshopify.com`, REQUIRED_SCOPES);
    return c.redirect(`/admin/${c.req.param("handle")}/app/`, 303);
  });
  app.post("/admin/:handle/uninstall", (c) => {
    site.uninstall(`${c.req.param("handle")}.myshopify.com`);
    return c.redirect(`/admin/${c.req.param("handle")}/app/`, 303);
  });
  return app;
}

export const handleOf = (shop: Shop): string => shop.domain.replace(".myshopify.com", "");

const shopLink = (shop: Shop): Html =>
  html`<li><a href="/admin/${handleOf(shop)}/app/">${shop.name}: the app</a> · <a href="/shops/${shop.domain}/">storefront</a></li>`;

/** The address of the app's page, with all that Shopify hands over on the first load. */
export function frameAddress(site: Site, shop: Shop, { path, locale }: { path: string; locale: string }): string {
  const address = new URL(path, site.appUrl);
  const given: Record<string, string> = {
    embedded: "1",
    host: Buffer.from(`admin.shopify.com/store/${handleOf(shop)}`)
      .toString("base64")
      .replace(/=+$/, ""),
    locale,
    shop: shop.domain,
    timestamp: String(Math.floor(shop.now().getTime() / 1000)),
  };
  const sorted = Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = sorted.map(([name, value]) => `${name}=${value}`).join("&");
  for (const [name, value] of sorted) address.searchParams.set(name, value);
  address.searchParams.set("hmac", createHmac("sha256", site.credentials.client_secret).update(text).digest("hex"));
  address.searchParams.set("id_token", site.tokens.sessionToken(shop));
  return address.href;
}

function framePage(site: Site, shop: Shop, at: { path: string; locale: string }): Html {
  const around = { control: `/control/${shop.domain}`, path: `/admin/${handleOf(shop)}/app` };
  return page(
    `${shop.name} · Upline`,
    html`<header><b>${shop.name}</b> <span>a stand-in for Shopify's admin</span>
        <div id="save-bar" hidden>Unsaved changes <button id="discard">Discard</button> <button id="save" class="dark">Save</button></div>
        <form method="post" action="/admin/${handleOf(shop)}/uninstall"><button>Uninstall the app</button></form></header>
      <nav aria-label="Shopify"><a href="/admin">Shops</a> <a href="/shops/${shop.domain}/">Storefront</a><h2>Upline</h2><div id="menu"></div></nav>
      <main><div class="title"><h1 id="title">Upline</h1> <button id="primary" class="dark" hidden></button></div>
        <iframe name="app-iframe" title="Upline" src="${frameAddress(site, shop, at)}"></iframe></main>
      <div id="toasts" role="status"></div>
      <dialog id="grant"><form method="dialog"><h2>Upline asks for more access</h2><p id="grant-scopes"></p>
        <button value="decline">Decline</button> <button value="grant" class="dark">Grant access</button></form></dialog>
      <script type="application/json" id="around">${jsonScript(around)}</script><script src="/admin.js"></script>`,
  );
}

function installPage(shop: Shop): Html {
  return page(
    "Install app",
    html`<main class="plain"><h1>Install Upline in ${shop.name}</h1><p>It will be able to: ${REQUIRED_SCOPES.join(", ")}</p>
      <form method="post" action="/admin/${handleOf(shop)}/install"><button class="dark" id="install">Install</button></form></main>`,
  );
}

const STYLE =
  new Html(`body{margin:0;font:14px/1.4 system-ui,sans-serif;background:#f1f1f1;color:#303030;display:grid;grid:auto 1fr/200px 1fr;height:100vh}
header{grid-column:1/-1;background:#1a1a1a;color:#eee;padding:8px 16px;display:flex;gap:12px;align-items:center}header span{flex:1;opacity:.6}
nav{padding:12px;display:flex;flex-direction:column;gap:4px;background:#ebebeb}nav h2{font-size:14px;margin:12px 0 0}
#menu{display:flex;flex-direction:column}#menu button{all:unset;padding:6px 10px;border-radius:8px;cursor:pointer}#menu [aria-current]{background:#fff;font-weight:600}
#menu button:focus-visible{outline:2px solid #005bd3}main{display:flex;flex-direction:column;min-height:0}.title{display:flex;align-items:center;gap:12px;padding:8px 16px}.title h1{flex:1}
.title h1{font-size:16px;margin:0}iframe{flex:1;border:0;background:#f1f1f1}button{font:inherit;border:1px solid #8a8a8a;border-radius:8px;padding:4px 12px;background:#fff}
.dark{background:#303030;color:#fff}#save-bar{background:#444;border-radius:8px;padding:4px 12px}[hidden]{display:none!important}
#toasts{position:fixed;bottom:24px;left:50%;translate:-50%}#toasts p{background:#303030;color:#fff;border-radius:8px;padding:8px 16px}#toasts .bad{background:#8e0b21}
.plain{grid-column:1/-1;padding:40px;max-width:40rem;display:block}.loading header{background:#285}
@media(max-width:600px){body{grid:auto auto 1fr/1fr}nav{flex-direction:row;flex-wrap:wrap}#menu{flex-direction:row;flex-wrap:wrap}header span{display:none}}`);

const page = (title: string, content: Html): Html =>
  html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,"><style>${STYLE}</style>${content}`;
