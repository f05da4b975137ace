import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { addToCart, type Cart, type CartLine, Carts, cartJson, lineJson, updateCart } from "./cart.ts";
import { type Embed, themeEmbed } from "./embed.ts";
import type { NamedValue } from "./order.ts";
import { browserScript } from "./scripts.ts";
import type { Shop } from "./shop.ts";
import type { Site } from "./site.ts";
import { cartPage, checkoutPage, homePage, productPage, thanksPage } from "./theme.ts";

/** A small shop for buyers below `/shops/<domain>/`: pages, the cart's addresses, discount links and a checkout. */
export function storefront(site: Site, embed: Embed = themeEmbed()): Hono {
  const app = new Hono({ strict: false });
  const carts = new Map<Shop, Carts>();
  app.get("/storefront.js", () => new Response(browserScript("storefront"), { headers: { "content-type": "text/javascript" } }));
  app.route(
    "/shops/:domain",
    ofShop(
      {
        shopOf: (c) => site.shops.get(c.req.param("domain") ?? ""),
        cartsOf: (shop) => {
          const known = carts.get(shop) ?? new Carts();
          carts.set(shop, known);
          return known;
        },
        embed,
      },
      site,
    ),
  );
  return app;
}

interface Front {
  shopOf(c: Context): Shop | undefined;
  cartsOf(shop: Shop): Carts;
  readonly embed: Embed;
}

export const rootOf = (shop: Shop): string => `/shops/${shop.domain}/`;

function ofShop(front: Front, site: Site): Hono {
  // The front page is the shop's address with a slash at its end.
  const app = new Hono({ strict: false });
  app.use(async (c, next) => (front.shopOf(c) ? await next() : c.notFound()));
  pages(app, front);
  cartAddresses(app, front);
  checkout(app, front, site);
  return app;
}

const given = (front: Front, c: Context): Shop => {
  const shop = front.shopOf(c);
  if (!shop) throw new Error("the shop is checked before");
  return shop;
};

/** The buyer's cart; a first visit makes one, which remembers where it landed. */
function visit(front: Front, c: Context): { shop: Shop; cart: Cart } {
  const shop = given(front, c);
  const carts = front.cartsOf(shop);
  const known = carts.of(getCookie(c, "cart"));
  if (known) return { shop, cart: known };
  const { pathname, search } = new URL(c.req.url);
  const isPage = !pathname.endsWith(".js");
  const path = `/${pathname.slice(rootOf(shop).length)}${search}`;
  const cart = carts.start({ landingSite: isPage ? path : null, referringSite: c.req.header("referer") ?? null });
  setCookie(c, "cart", cart.token, { path: rootOf(shop), sameSite: "Lax" });
  return { shop, cart };
}

function pages(app: Hono, front: Front): void {
  app.get("/", (c) => {
    const { shop, cart } = visit(front, c);
    return c.html(homePage(shop, front.embed(shop, cart)).text);
  });
  app.get("/products/:handle", (c) => {
    const { shop, cart } = visit(front, c);
    const product = shop.products.find(({ handle }) => handle === c.req.param("handle"));
    return product ? c.html(productPage(shop, product, front.embed(shop, cart)).text) : c.notFound();
  });
  app.get("/cart", (c) => {
    const { shop, cart } = visit(front, c);
    return c.html(cartPage(shop, cart, front.embed(shop, cart)).text);
  });
  // A link with a code: it is kept for the checkout, and the buyer goes on to where the link says.
  app.get("/discount/:code", (c) => {
    const { shop, cart } = visit(front, c);
    cart.discountCode = c.req.param("code");
    const redirect = c.req.query("redirect") ?? "/";
    return c.redirect(`${rootOf(shop)}${redirect.replace(/^\/+/, "")}`);
  });
}

/** What a form or a JSON body says of a line. */
async function lineOf(c: Context): Promise<CartLine[]> {
  const isJson = c.req.header("content-type")?.includes("json");
  const body: Record<string, unknown> = isJson ? await c.req.json() : await c.req.parseBody({ all: true });
  const items = Array.isArray(body.items) ? body.items : [body];
  return items.map((item) => ({
    variantId: String(item.id),
    quantity: Number(item.quantity ?? 1),
    properties: propertiesOf(item),
  }));
}

function propertiesOf(item: Record<string, unknown>): NamedValue[] {
  const nested = typeof item.properties === "object" && item.properties !== null ? Object.entries(item.properties) : [];
  const flat = Object.entries(item).flatMap(([name, value]): [string, unknown][] => {
    const match = /^properties\[(.+)\]$/.exec(name);
    return match?.[1] === undefined ? [] : [[match[1], value]];
  });
  return [...nested, ...flat]
    .filter(([, value]) => value !== "" && value != null)
    .map(([name, value]) => ({ name, value: String(value) }));
}

function cartAddresses(app: Hono, front: Front): void {
  app.get("/cart.js", (c) => {
    const { shop, cart } = visit(front, c);
    return c.json(cartJson(shop, cart));
  });
  app.post("/cart/add.js", async (c) => {
    const { shop, cart } = visit(front, c);
    try {
      const added = (await lineOf(c)).map((line) => addToCart(shop, cart, line));
      return c.json(added[0] ? lineJson(shop, added[0]) : {});
    } catch {
      return c.json({ status: 422, message: "Cart Error", description: "The product is not for sale." }, 422);
    }
  });
  app.post("/cart/add", async (c) => {
    const { shop, cart } = visit(front, c);
    for (const line of await lineOf(c)) addToCart(shop, cart, line);
    return c.redirect(`${rootOf(shop)}cart`, 303);
  });
  app.post("/cart/update.js", async (c) => {
    const { shop, cart } = visit(front, c);
    const isJson = c.req.header("content-type")?.includes("json");
    updateCart(cart, isJson ? await c.req.json() : fromForm(await c.req.parseBody()));
    return c.json(cartJson(shop, cart));
  });
  app.post("/cart/clear.js", (c) => {
    const { shop, cart } = visit(front, c);
    cart.lines = [];
    return c.json(cartJson(shop, cart));
  });
}

function fromForm(body: Record<string, unknown>): { attributes: Record<string, unknown>; updates: Record<string, number> } {
  const pick = (pattern: RegExp) =>
    Object.fromEntries(
      Object.entries(body).flatMap(([name, value]) => {
        const inner = pattern.exec(name)?.[1];
        return inner === undefined ? [] : [[inner, value]];
      }),
    );
  const updates = Object.entries(pick(/^updates\[(.+)\]$/)).map(([id, quantity]) => [id, Number(quantity)]);
  return { attributes: pick(/^attributes\[(.+)\]$/), updates: Object.fromEntries(updates) };
}

function checkout(app: Hono, front: Front, site: Site): void {
  app.get("/checkout", (c) => {
    const { shop, cart } = visit(front, c);
    return c.html(checkoutPage(shop, cart).text);
  });
  // "Buy it now": a checkout of its own. Nothing that the cart holds comes along, only what the form said.
  app.post("/buy-now", async (c) => {
    const { shop, cart } = visit(front, c);
    const fresh = front.cartsOf(shop).start({ landingSite: cart.landingSite, referringSite: cart.referringSite });
    for (const line of await lineOf(c)) addToCart(shop, fresh, line);
    return c.html(checkoutPage(shop, fresh).text);
  });
  app.post("/checkout", async (c) => {
    const shop = given(front, c);
    const form = await c.req.parseBody();
    const cart = front.cartsOf(shop).of(String(form.cart));
    if (!cart || cart.lines.length === 0) return c.text("The cart is empty.", 409);
    const code = String(form.discount ?? "").trim() || cart.discountCode;
    const found = code ? shop.discounts.find(code) : null;
    const later = form.pay === "later";
    const order = site.order(shop.domain, {
      lines: cart.lines.map(({ variantId, quantity, properties }) => ({ variant: variantId, quantity, properties })),
      attributes: Object.entries(cart.attributes).map(([name, value]) => ({ name, value })),
      discountCode: found ? code : null,
      shipping: "4.90",
      tip: String(form.tip ?? "").trim() || undefined,
      customerId: String(form.customer ?? "").trim() || null,
      landingSite: cart.landingSite,
      referringSite: cart.referringSite,
      paid: !later,
    });
    cart.lines = [];
    return c.redirect(`${rootOf(shop)}thank-you?order=${order.id}`, 303);
  });
  app.get("/thank-you", (c) => {
    const shop = given(front, c);
    const order = shop.orders.get(c.req.query("order") ?? "");
    return order ? c.html(thanksPage(shop, order).text) : c.notFound();
  });
}
