import type { Cart } from "./cart.ts";
import type { Rendered } from "./embed.ts";
import { Html, html, jsonScript } from "./html.ts";
import { decimal } from "./money.ts";
import { type Order, type Product, totalsOf } from "./order.ts";
import type { Shop } from "./shop.ts";

/** The pages of a small theme. */

const root = (shop: Shop): string => `/shops/${shop.domain}/`;

const STYLE =
  new Html(`body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#222}header,main,footer{padding:16px 24px;max-width:60rem;margin:auto}
header{display:flex;gap:24px;border-bottom:1px solid #ddd}header b{flex:1}.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(180px,1fr));gap:16px}
.card{border:1px solid #ddd;border-radius:8px;padding:12px;text-decoration:none;color:inherit}.swatch{height:120px;background:#dfe8d8;border-radius:6px}
button{font:inherit;padding:8px 16px;border-radius:6px;border:1px solid #222;background:#222;color:#fff}button.plain{background:#fff;color:#222}
#cookie-banner{position:fixed;inset:auto 0 0;background:#222;color:#fff;padding:16px 24px;display:flex;gap:12px;align-items:center}#cookie-banner span{flex:1}
#cookie-banner[hidden]{display:none}label{display:block;margin:8px 0}input{font:inherit;padding:6px}table{border-collapse:collapse}td{padding:4px 16px 4px 0}`);

function page(shop: Shop, title: string, { content, embed }: { content: Html; embed: Rendered }): Html {
  const settings = { domain: shop.domain, root: root(shop), currency: shop.currency, banner: true };
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} – ${shop.name}</title><link rel="icon" href="data:,"><style>${STYLE}</style>
<script type="application/json" id="shopify-shop">${jsonScript(settings)}</script><script src="/storefront.js"></script>${embed.head}</head>
<body><header><b><a href="${root(shop)}">${shop.name}</a></b><a href="${root(shop)}cart">Cart</a></header><main>${content}</main>
<div id="cookie-banner" role="dialog" aria-label="Cookies" hidden><span>May we remember how you found us?</span>
<button id="cookies-decline" class="plain">Decline</button><button id="cookies-accept">Accept</button></div>${embed.body}</body></html>`;
}

const price = (shop: Shop, minor: bigint): string => `${decimal(minor, shop.currency)} ${shop.currency}`;

export function homePage(shop: Shop, embed: Rendered): Html {
  const cards = shop.products.map(
    (
      product,
    ) => html`<a class="card" href="${root(shop)}products/${product.handle}"><div class="swatch"></div>${product.title}<br>
      ${price(shop, product.variants[0]?.price ?? 0n)}</a>`,
  );
  return page(shop, "Home", { content: html`<h1>${shop.name}</h1><div class="grid">${cards}</div>`, embed });
}

export function productPage(shop: Shop, product: Product, embed: Rendered): Html {
  const options = product.variants.map(
    (variant) => html`<option value="${variant.id}">${variant.title}: ${price(shop, variant.price)}</option>`,
  );
  const content = html`<h1>${product.title}</h1><div class="swatch"></div>
    <form method="post" action="${root(shop)}cart/add" data-ajax><label>Variant <select name="id">${options}</select></label>
    <label>Quantity <input type="number" name="quantity" value="1" min="1"></label>
    <button id="add">Add to cart</button> <button id="buy-now" class="plain" formaction="${root(shop)}buy-now">Buy it now</button></form>
    <p id="cart-note" role="status"></p>`;
  return page(shop, product.title, { content, embed });
}

function rows(shop: Shop, cart: Cart): Html[] {
  return cart.lines.map(({ variantId, quantity }) => {
    const variant = shop.variantOf(variantId);
    return html`<tr><td>${shop.productOf(variant.productId).title}</td><td>${quantity} ×</td><td>${price(shop, variant.price)}</td></tr>`;
  });
}

export function cartPage(shop: Shop, cart: Cart, embed: Rendered): Html {
  const content = html`<h1>Cart</h1><table>${rows(shop, cart)}</table><p><a id="to-checkout" href="${root(shop)}checkout">Check out</a></p>`;
  return page(shop, "Cart", { content, embed });
}

/** The checkout is Shopify's own page: no theme, no embed, no scripts of apps. */
export function checkoutPage(shop: Shop, cart: Cart): Html {
  return html`<!doctype html><html lang="en"><meta charset="utf-8"><title>Checkout – ${shop.name}</title><link rel="icon" href="data:,"><style>${STYLE}</style>
<main><h1>Checkout</h1><table>${rows(shop, cart)}</table><form method="post" action="${root(shop)}checkout"><input type="hidden" name="cart" value="${cart.token}">
<label>Discount code <input name="discount" value="${cart.discountCode ?? ""}"></label><label>Tip <input name="tip" inputmode="decimal"></label>
<label>Customer number (empty: a guest) <input name="customer" inputmode="numeric"></label>
<button name="pay" value="now" id="pay">Pay now</button> <button name="pay" value="later" class="plain" id="pay-later">Bank transfer</button></form></main>`;
}

export function thanksPage(shop: Shop, order: Order): Html {
  return html`<!doctype html><html lang="en"><meta charset="utf-8"><title>Thank you – ${shop.name}</title><link rel="icon" href="data:,"><style>${STYLE}</style>
<main><h1>Thank you!</h1><p>Order <b id="order-name">#${order.number}</b>: ${price(shop, totalsOf(order).total)}</p>
<p data-order="${order.id}"><a href="${root(shop)}">Back to the shop</a></p></main>`;
}
