import { expect, test } from "vitest";
import { Carts } from "../standin/cart.ts";
import { DEMO_SHOPS } from "../standin/demo-shops.ts";
import { themeEmbed } from "../standin/embed.ts";
import { Site } from "../standin/site.ts";
import { gid } from "../standin/wire.ts";

const NOWHERE = "http://127.0.0.1:9";
const DOMAIN = "greenleaf.myshopify.com";

/** The embed's Liquid as a theme renders it, and what its script reads of it. */
function render({ capture, attributes = {} }: { capture?: Record<string, unknown>; attributes?: Record<string, string> }) {
  const site = new Site({ shops: DEMO_SHOPS, apiKey: "key", apiSecret: "secret", appUrl: NOWHERE, hubUrl: NOWHERE });
  const shop = site.shopOf(DOMAIN);
  if (capture) {
    const of = { ownerId: gid("AppInstallation", shop.id), namespace: "upline", key: "capture", type: "json" };
    shop.metafields.push({ id: shop.newId(), ...of, value: JSON.stringify(capture) });
  }
  const cart = new Carts().start({ landingSite: null, referringSite: null });
  Object.assign(cart.attributes, attributes);
  const { text } = themeEmbed()(shop, cart).body;
  return { text, options: JSON.parse(/id="upline-referral">([^<]*)</.exec(text)?.[1] ?? "null") };
}

const root = `/shops/${DOMAIN}/`;

test("until the app has said anything the block's own settings hold, and nobody is asked for names", () => {
  const { options, text } = render({});
  expect(options).toStrictEqual({
    ...{ parameter: "ref", prefix: "", windowDays: 30, home: "/", consent: "marketing", touch: "last", names: "" },
    cart: { cart: `${root}cart.js`, update: `${root}cart/update.js`, attributes: { _ref_code: "", _ref_source: "" } },
  });
  expect(text).not.toContain("upline-supporter");
});

test("what the merchant set in the app counts before the block's settings, and the page says what the cart carries", () => {
  const capture = {
    parameter: "von",
    window_days: 7,
    touch: "first",
    consent: "none",
    names_url: "https://app.example.com/names",
  };
  const { options, text } = render({ capture, attributes: { _ref_code: "ANNA77", note: "for my mother" } });
  expect(options).toMatchObject({
    ...{ parameter: "von", windowDays: 7, touch: "first", consent: "none" },
    names: `https://app.example.com/names?shop=${DOMAIN}`,
    cart: { attributes: { _ref_code: "ANNA77" } },
  });
  // What else a buyer wrote to their cart is no part of the page.
  expect(text).not.toContain("for my mother");
  expect(text).toMatch(/<div\s+id="upline-supporter"\s+hidden/);
  expect(text).toContain('data-text="Your order supports [name]"');
});
