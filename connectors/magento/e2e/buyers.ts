/** People who buy, over Magento's own REST and GraphQL as every headless shop does: as guests, and with an account. */
import type { Shop } from "./shop.ts";

export interface Basket {
  /** Code of a link the buyer came by: handed to the shop as its script does, which sets the cookie. */
  readonly link?: string;
  /** What the buyer filled in, or emptied. */
  readonly typed?: string;
  readonly coupon?: string;
  /** By SKU, how many. */
  readonly goods?: Readonly<Record<string, number>>;
  /** The store view. */
  readonly view?: string;
}

export interface Bought {
  readonly orderId: number;
  /** Of the request that places the order. */
  readonly tookMs: number;
}

export interface Customer {
  readonly id: number;
  readonly token: string;
  readonly email: string;
}

type Ask = (method: string, path: string, body?: object) => Promise<unknown>;

interface Cart {
  readonly ask: Ask;
  readonly path: string;
  readonly id: string;
  readonly email: string;
}

const USUAL = { "E2E-KIT": 2, "E2E-TEA": 1 };
const EMAIL = "eva@example.test";
export const PASSWORD = "E2e-password-1";
export const PERSON = {
  firstname: "Eva",
  lastname: "Probe",
  street: ["Weg 1"],
  city: "Los Angeles",
  postcode: "90001",
  country_id: "US",
  region_id: 12,
  region: "California",
  telephone: "030 1",
};

export async function buy(shop: Shop, basket: Basket = {}): Promise<Bought> {
  const cart = await guestCart(shop, basket);
  await fill(shop, cart, basket);
  return checkOut(cart);
}

/** Somebody new with an account. */
export async function register(shop: Shop): Promise<Customer> {
  const ask = asking(shop, {});
  const email = `e2e-${Date.now()}@example.test`;
  const person = { email, firstname: PERSON.firstname, lastname: PERSON.lastname };
  const { id } = (await ask("POST", "/customers", { customer: person, password: PASSWORD })) as { id: number };
  const token = (await ask("POST", "/integration/customer/token", { username: email, password: PASSWORD })) as string;
  return { id, token, email };
}

export async function buyAs(shop: Shop, customer: Customer, basket: Basket): Promise<Bought> {
  const cart = await ownCart(shop, customer, basket);
  await fill(shop, cart, basket);
  return checkOut(cart);
}

/** Fills a cart of the customer's own, and leaves it. */
export async function collect(shop: Shop, customer: Customer, basket: Basket): Promise<void> {
  const cart = await ownCart(shop, customer, basket);
  await fill(shop, cart, basket);
}

/** Fills a cart as a guest, then signs in: Magento makes one cart of both. */
export async function buyAndSignIn(shop: Shop, customer: Customer, basket: Basket): Promise<Bought> {
  const cart = await guestCart(shop, basket);
  await fill(shop, cart, basket);
  const ask = asking(shop, { token: customer.token });
  await ask("PUT", cart.path, { customerId: customer.id, storeId: 1 });
  return checkOut({ ...cart, ask, path: "/carts/mine", email: customer.email });
}

/** The same by GraphQL, whose carts have the numbers of REST's. */
export async function buyByGraphQl(shop: Shop, typed: string): Promise<Bought> {
  const query = async (text: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${shop.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify({ query: text }),
    });
    const { data, errors } = (await answer.json()) as { data: Record<string, unknown>; errors?: unknown };
    if (errors) throw new Error(`GraphQL answered ${JSON.stringify(errors).slice(0, 400)}`);
    return data;
  };
  const id = String((await query("mutation { createEmptyCart }")).createEmptyCart);
  const cart = `cart_id: "${id}"`;
  await asking(shop, {})("PUT", `/guest-carts/${id}/upline-referral`, { code: typed });
  const address = `address: { firstname: "Eva", lastname: "Probe", street: ["Weg 1"], city: "Los Angeles", region: "CA",
    postcode: "90001", country_code: "US", telephone: "030 1" }`;
  const { addProductsToCart } = await query(`mutation {
    addProductsToCart(cartId: "${id}", cartItems: [{ sku: "E2E-KIT", quantity: 1 }]) { user_errors { message } }
  }`);
  const refused = (addProductsToCart as { user_errors: { message: string }[] }).user_errors;
  if (refused.length > 0) throw new Error(`the cart took nothing: ${refused.map(({ message }) => message).join(", ")}`);
  await query(`mutation {
    setGuestEmailOnCart(input: { ${cart}, email: "${EMAIL}" }) { cart { id } }
    setShippingAddressesOnCart(input: { ${cart}, shipping_addresses: [{ ${address} }] }) { cart { id } }
    setBillingAddressOnCart(input: { ${cart}, billing_address: { same_as_shipping: true } }) { cart { id } }
    setShippingMethodsOnCart(input: { ${cart}, shipping_methods: [{ carrier_code: "flatrate", method_code: "flatrate" }] }) { cart { id } }
    setPaymentMethodOnCart(input: { ${cart}, payment_method: { code: "checkmo" } }) { cart { id } }
  }`);
  const began = performance.now();
  const { placeOrder } = await query(`mutation { placeOrder(input: { ${cart} }) { order { order_number } } }`);
  const number = (placeOrder as { order: { order_number: string } }).order.order_number;
  const tookMs = performance.now() - began;
  return { orderId: Number(await shop.inside("numbered", { number })), tookMs };
}

async function guestCart(shop: Shop, { link, view }: Basket): Promise<Cart> {
  const cookie = link === undefined ? undefined : await visit(shop, link);
  const ask = asking(shop, { cookie, view });
  const id = String(await ask("POST", "/guest-carts"));
  return { ask, path: `/guest-carts/${id}`, id, email: EMAIL };
}

async function ownCart(shop: Shop, { token, email }: Customer, { link, view }: Basket): Promise<Cart> {
  const cookie = link === undefined ? undefined : await visit(shop, link);
  const ask = asking(shop, { cookie, view, token });
  return { ask, path: "/carts/mine", id: String(await ask("POST", "/carts/mine")), email };
}

async function fill(shop: Shop, { ask, path, id: quote_id }: Cart, { coupon, typed, goods = USUAL }: Basket): Promise<void> {
  for (const [sku, qty] of Object.entries(goods)) {
    const choices = shop.choices[sku];
    const product_option = choices && { extension_attributes: choices };
    await ask("POST", `${path}/items`, { cartItem: { quote_id, sku, qty, ...(product_option && { product_option }) } });
  }
  if (coupon) await ask("PUT", `${path}/coupons/${coupon}`);
  if (typed !== undefined) await ask("PUT", `${path}/upline-referral`, { code: typed });
}

async function checkOut({ ask, path, email }: Cart): Promise<Bought> {
  const address = { ...PERSON, email };
  const shipping = { shipping_carrier_code: "flatrate", shipping_method_code: "flatrate" };
  await ask("POST", `${path}/shipping-information`, {
    addressInformation: { shipping_address: address, billing_address: address, ...shipping },
  });
  const began = performance.now();
  const payment = { email, paymentMethod: { method: "checkmo" }, billingAddress: address };
  const orderId = Number(await ask("POST", `${path}/payment-information`, payment));
  return { orderId, tookMs: performance.now() - began };
}

interface Who {
  readonly view?: string | undefined;
  readonly cookie?: string | undefined;
  readonly token?: string | undefined;
}

function asking(shop: Shop, { view = "default", cookie, token }: Who): Ask {
  return async (method, path, body) => {
    const headers: Record<string, string> = { "content-type": "application/json", connection: "close" };
    if (cookie !== undefined) headers.cookie = cookie;
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    const init: RequestInit = { method, headers };
    if (body) init.body = JSON.stringify(body);
    const answer = await fetch(`${shop.url}/rest/${view}/V1${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
}

/** Answers the cookie that the shop has set; throws where a page cache or anything else has taken it away. */
export async function visit(shop: Shop, code: string): Promise<string> {
  const answer = await fetch(`${shop.url}/upline/visit/index/`, {
    method: "POST",
    headers: { "x-requested-with": "XMLHttpRequest", "content-type": "application/x-www-form-urlencoded", connection: "close" },
    body: new URLSearchParams({ code, via: "cookie", path: "/kit.html" }).toString(),
    redirect: "manual",
  });
  await answer.arrayBuffer();
  const set = answer.headers.getSetCookie().find((one) => one.startsWith("upline_ref="));
  if (set === undefined) throw new Error(`the shop set no cookie for ${code}: it answered ${answer.status}`);
  return set.split(";")[0] ?? "";
}
