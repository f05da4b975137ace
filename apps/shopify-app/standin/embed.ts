import { existsSync, readFileSync } from "node:fs";
import { Hono } from "hono";
import { Liquid, type TagToken, type TopLevelToken } from "liquidjs";
import type { Cart } from "./cart.ts";
import { Html, html } from "./html.ts";
import type { Shop } from "./shop.ts";
import { gid } from "./wire.ts";

/** The app's part of a theme's page. */
export interface Rendered {
  readonly head: Html;
  readonly body: Html;
}

export type Embed = (shop: Shop, cart: Cart) => Rendered;

export const NO_EMBED: Embed = () => ({ head: html``, body: html`` });

const FOLDER = new URL("../extensions/theme-embed/", import.meta.url);
const ASSETS = "/extensions/theme-embed/assets";

interface Schema {
  readonly javascript?: string;
  readonly settings?: readonly { readonly id?: string; readonly default?: unknown }[];
}

/**
 * The app's theme embed as a theme has it once the merchant has switched it on: its Liquid rendered with the defaults of its
 * settings and with what the app has set of itself, and its script, as Shopify loads it, deferred.
 */
export function themeEmbed(): Embed {
  const block = new URL("blocks/referral.liquid", FOLDER);
  if (!existsSync(block)) return NO_EMBED;
  const source = readFileSync(block, "utf8");
  const schema: Schema = JSON.parse(/{%-?\s*schema\s*-?%}([\s\S]*?){%-?\s*endschema\s*-?%}/.exec(source)?.[1] ?? "{}");
  const settings = Object.fromEntries((schema.settings ?? []).flatMap(({ id, default: value }) => (id ? [[id, value]] : [])));
  const words = JSON.parse(readFileSync(new URL("locales/en.default.json", FOLDER), "utf8"));
  const engine = engineWith(words);
  const template = engine.parse(source);
  const script = schema.javascript ? html`<script src="${ASSETS}/${schema.javascript}" defer></script>` : html``;
  return (shop, cart) => {
    const scope = { block: { settings, shopify_attributes: "" }, shop: { permanent_domain: shop.domain }, ...page(shop, cart) };
    return { head: script, body: new Html(String(engine.renderSync(template, scope))) };
  };
}

function page(shop: Shop, cart: Cart): Record<string, unknown> {
  const root = `/shops/${shop.domain}/`;
  return {
    routes: { root_url: root, cart_url: `${root}cart`, cart_update_url: `${root}cart/update`, cart_add_url: `${root}cart/add` },
    cart: { attributes: cart.attributes },
    localization: { language: { iso_code: "en" } },
    app: { metafields: metafields(shop) },
  };
}

/** `app.metafields.<namespace>.<key>.value`, as the app has set them on its own installation. */
function metafields(shop: Shop): Record<string, Record<string, { value: unknown }>> {
  const owner = gid("AppInstallation", shop.id);
  const spaces: Record<string, Record<string, { value: unknown }>> = {};
  for (const { ownerId, namespace, key, type, value } of shop.metafields) {
    if (ownerId !== owner) continue;
    spaces[namespace] = { ...spaces[namespace], [key]: { value: type === "json" ? JSON.parse(value) : value } };
  }
  return spaces;
}

function engineWith(words: Record<string, unknown>): Liquid {
  const engine = new Liquid({ strictFilters: true, jsTruthy: false });
  engine.registerFilter("t", (key: string, ...named: [string, unknown][]) => {
    const text = key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], words);
    const given = Object.fromEntries(named);
    return String(text ?? key).replace(/{{\s*(\w+)\s*}}/g, (_, name: string) => String(given[name] ?? ""));
  });
  engine.registerFilter("asset_url", (file: string) => `${ASSETS}/${file}`);
  // What the theme editor reads is no part of the page.
  engine.registerTag("schema", {
    parse(_tag: TagToken, rest: TopLevelToken[]) {
      for (let token = rest.shift(); token; token = rest.shift()) if (token.getText().includes("endschema")) return;
    },
    render: () => "",
  });
  return engine;
}

/** The files that the embed brings along. */
export function embedAssets(): Hono {
  const app = new Hono();
  app.get(`${ASSETS}/:file{[\\w.-]+}`, (c) => {
    const file = new URL(`assets/${c.req.param("file")}`, FOLDER);
    if (!existsSync(file)) return c.notFound();
    const type = file.pathname.endsWith(".css") ? "text/css" : "text/javascript";
    return c.body(readFileSync(file, "utf8"), 200, { "content-type": type, "cache-control": "public, max-age=31536000" });
  });
  return app;
}
