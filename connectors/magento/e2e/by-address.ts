/** Magento's checkout for several addresses, in its own pages as a browser goes through them: an order for each address. */
import { type Customer, PASSWORD, PERSON, visit } from "./buyers.ts";
import type { Shop } from "./shop.ts";

export interface Split {
  readonly customer: Customer;
  /** Code of a link the buyer came by. */
  readonly link?: string;
}

interface Page {
  readonly url: string;
  readonly html: string;
}

/** With this Magento takes a form as its own; the cookie of that name has to say the same. */
const FORM_KEY = "e2eE2Ee2eE2Ee2eE";

/** Sends what waits in the customer's cart to each of two addresses in turn, piece by piece; answers the orders. */
export async function sendToTwo(shop: Shop, { customer, link }: Split): Promise<number[]> {
  await liveAtTwo(shop, customer);
  const browser = browse(shop, link === undefined ? [] : [await visit(shop, link)]);
  await browser.post("customer/account/loginPost", { "login[username]": customer.email, "login[password]": PASSWORD });
  const pieces = await browser.get("multishipping/checkout/addresses");
  const shipping = await browser.post("multishipping/checkout/addressesPost", { continue: "1", ...shareOut(pieces) });
  const ways = found(shipping, /name="(shipping_method\[\d+\])"/g).map(([, name = ""]) => [name, "flatrate_flatrate"]);
  if (ways.length !== 2) throw new Error(`${shipping.url} asks for ${ways.length} ways of shipping, not for 2`);
  await browser.post("multishipping/checkout/shippingPost", Object.fromEntries(ways));
  await browser.post("multishipping/checkout/overview", { "payment[method]": "checkmo" });
  const done = await browser.post("multishipping/checkout/overviewPost", {});
  const orders = new Set(found(done, /sales\/order\/view\/order_id\/(\d+)/g).map(([, id]) => Number(id)));
  if (orders.size !== 2) throw new Error(`the checkout for two addresses ended at ${done.url} with ${orders.size} orders`);
  return [...orders];
}

async function liveAtTwo(shop: Shop, { token, email }: Customer): Promise<void> {
  const { region, region_id, ...person } = PERSON;
  const address = { ...person, region: { region, region_id } };
  const customer = {
    email,
    firstname: person.firstname,
    lastname: person.lastname,
    website_id: 1,
    addresses: [
      { ...address, default_billing: true, default_shipping: true },
      { ...address, street: ["Weg 2"] },
    ],
  };
  const answer = await fetch(`${shop.url}/rest/V1/customers/me`, {
    method: "PUT",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, connection: "close" },
    body: JSON.stringify({ customer }),
  });
  if (!answer.ok) throw new Error(`the customer's addresses: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** The page has a row for each piece. */
function shareOut(page: Page): Record<string, string> {
  const addresses = [...new Set(found(page, /<option value="(\d+)"/g).map(([, id = ""]) => id))];
  const fields: Record<string, string> = {};
  for (const [at, [, row = "", quantity = ""]] of found(page, /name="(ship\[\d+\]\[\d+\])\[qty\]"\s+value="(\d+)"/g).entries()) {
    fields[`${row}[qty]`] = quantity;
    fields[`${row}[address]`] = addresses[at % 2] ?? "";
  }
  if (addresses.length !== 2 || Object.keys(fields).length < 4)
    throw new Error(`${page.url} has ${addresses.length} addresses and ${Object.keys(fields).length / 2} pieces`);
  return fields;
}

const found = ({ html }: Page, pattern: RegExp): RegExpMatchArray[] => [...html.matchAll(pattern)];

/** Keeps cookies and follows the shop to where it leads. */
function browse(shop: Shop, cookies: readonly string[]) {
  const jar = new Map([`form_key=${FORM_KEY}`, ...cookies].map((cookie) => cookie.split(/=(.*)/s, 2) as [string, string]));
  const ask = async (url: string, init: RequestInit): Promise<Page> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { ...init, headers: { cookie, connection: "close" }, redirect: "manual" });
    for (const set of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = set.split(";")[0]?.split(/=(.*)/s, 2) ?? [];
      if (name !== "form_key") jar.set(name, value);
    }
    const html = await answer.text();
    const next = answer.headers.get("location");
    if (next !== null) return ask(new URL(next, url).href, {});
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${html.slice(0, 300)}`);
    return { url, html };
  };
  return {
    get: (path: string) => ask(`${shop.url}/${path}/`, {}),
    post: (path: string, fields: Record<string, string>) =>
      ask(`${shop.url}/${path}/`, { method: "POST", body: new URLSearchParams({ form_key: FORM_KEY, ...fields }) }),
  };
}
