import type { AppParts } from "../src/parts.ts";
import { frameHeaders } from "./frame-headers.server.ts";

/**
 * What a page is answered with that lost `shop` or `host`, as by a reload: App Bridge, which knows both and comes back with
 * them. Shopify's library would show a form to log in, which the review forbids. Outside of the admin there is nothing to
 * come back from, and a sentence says so.
 */
export function guardPage(parts: AppParts, request: Request): Response {
  const headers = new Headers({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  frameHeaders(parts, request, headers);
  const triedBefore = new URL(request.url).searchParams.has("recovered");
  return new Response(
    `<!doctype html><html lang="en"><head><script data-api-key="${escaped(parts.env.apiKey)}" src="${escaped(parts.env.appBridgeUrl)}"></script>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Upline</title></head>
<body style="font-family: system-ui, sans-serif; padding: 2rem"><p>Open Upline from the list of apps in your Shopify admin.<br>Öffnen Sie Upline über die Liste der Apps in Ihrem Shopify-Admin.</p>
${triedBefore ? "" : `<script>${RECOVER}</script>`}</body></html>`,
    { status: 200, headers },
  );
}

const RECOVER = `
if (window.top !== window.self && window.shopify) shopify.idToken().then(function (token) {
  var claims = JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
  var shop = new URL(claims.dest).hostname;
  var url = new URL(location.href);
  url.searchParams.set("shop", shop);
  url.searchParams.set("host", (shopify.config && shopify.config.host) || btoa("admin.shopify.com/store/" + shop.split(".")[0]).replace(/=+$/, ""));
  if (shopify.config && shopify.config.locale && !url.searchParams.has("locale")) url.searchParams.set("locale", shopify.config.locale);
  url.searchParams.set("embedded", "1");
  url.searchParams.set("id_token", token);
  url.searchParams.set("recovered", "1");
  location.replace(url.href);
});`;

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
