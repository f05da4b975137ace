import { expect, test } from "vitest";
import { CartCarrier, cartDoor } from "./shopify-cart.ts";
import type { Touch } from "./touches.ts";

const ANNA: Touch = ["ANNA77", 1_800_000_000, "/tea/", "cookie"];
const BEN: Touch = ["BEN12", 1_800_000_500, "/", "cookie"];

/** A shop's cart behind its Ajax addresses: merges attributes as Shopify does, and counts what it is asked. */
function shop(attributes: Record<string, string> = {}) {
  const cart = { attributes, answers: true, asked: [] as string[] };
  const door = cartDoor({ cart: "/de/cart.js", update: "/de/cart/update.js" }, async (address, request) => {
    cart.asked.push(`${request?.method ?? "GET"} ${address}`);
    if (!cart.answers) throw new TypeError("Failed to fetch");
    if (request?.body) cart.attributes = { ...cart.attributes, ...JSON.parse(String(request.body)).attributes };
    return Response.json({ token: "c1", attributes: cart.attributes });
  });
  return { cart, carrier: (known: Record<string, unknown> = attributes) => new CartCarrier(door, known) };
}

test("a code is merged into the cart beside what others keep there", async () => {
  const { cart, carrier } = shop({ gift: "yes" });
  await carrier().carry(ANNA);
  expect(cart.attributes).toStrictEqual({ gift: "yes", _ref_code: "ANNA77", _ref_ts: "1800000000" });
  expect(cart.asked).toStrictEqual(["POST /de/cart/update.js"]);
});

test("a cart that carries the code is left alone, another code gives way", async () => {
  const { cart, carrier } = shop({ _ref_code: "ANNA77", _ref_ts: "1799990000" });
  const kept = carrier();
  await kept.carry(ANNA);
  expect(cart.asked).toStrictEqual([]);
  await kept.carry(BEN);
  await kept.carry(BEN);
  expect(cart.attributes).toStrictEqual({ _ref_code: "BEN12", _ref_ts: "1800000500" });
  expect(cart.asked).toStrictEqual(["POST /de/cart/update.js"]);
});

test("calls at once are one after the other, so that the last one counts", async () => {
  const { cart, carrier } = shop();
  const carried = carrier();
  await Promise.all([carried.carry(ANNA), carried.carry(BEN), carried.carry(BEN)]);
  expect([cart.attributes._ref_code, cart.asked.length]).toStrictEqual(["BEN12", 2]);
});

test("a new cart gets the code once it is looked at", async () => {
  const { cart, carrier } = shop({ _ref_code: "ANNA77" });
  const kept = carrier();
  cart.attributes = {};
  await kept.carry(ANNA);
  expect(cart.attributes).toStrictEqual({});
  await kept.reassert(ANNA);
  expect(cart.attributes).toStrictEqual({ _ref_code: "ANNA77", _ref_ts: "1800000000" });
  expect(cart.asked).toStrictEqual(["GET /de/cart.js", "POST /de/cart/update.js"]);
});

test("what the buyer typed or took away at checkout is not overwritten", async () => {
  for (const attributes of [{ _ref_code: "CARLA9", _ref_source: "checkout" }, { _ref_source: "checkout" }] as Record<
    string,
    string
  >[]) {
    const { cart, carrier } = shop(attributes);
    const kept = carrier();
    await kept.carry(ANNA);
    await kept.reassert(ANNA);
    await kept.carry(null);
    expect(cart.attributes).toStrictEqual(attributes);
  }
});

test("a no takes the code off the cart, and a cart without one is not touched", async () => {
  const { cart, carrier } = shop({ _ref_code: "ANNA77", _ref_ts: "1800000000", gift: "yes" });
  await carrier().carry(null);
  expect(cart.attributes).toStrictEqual({ _ref_code: "", _ref_ts: "", gift: "yes" });
  const other = shop({ gift: "yes" });
  await other.carrier().carry(null);
  expect(other.cart.asked).toStrictEqual([]);
});

test("a cart that does not answer is tried again, and nothing is thrown at the page", async () => {
  const { cart, carrier } = shop();
  const kept = carrier();
  cart.answers = false;
  await kept.carry(ANNA);
  await kept.reassert(ANNA);
  cart.answers = true;
  await kept.carry(ANNA);
  expect(cart.attributes._ref_code).toBe("ANNA77");
});
