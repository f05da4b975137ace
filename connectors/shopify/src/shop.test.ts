import assert from "node:assert/strict";
import { test } from "node:test";
import { fixture } from "../fixtures/load.ts";
import { shopOfBody } from "./shop.ts";

const shopOf = (value: unknown) => shopOfBody(JSON.stringify(value), "orders/paid");
const status = (address: string) => ({ order_status_url: address });

test("an order is signed for the shop of its status page", () => {
  const { body, topic } = fixture("order-created-paid");
  assert.equal(shopOfBody(body, topic), "upline-demo.myshopify.com");
});

test("a status page on the shop's own domain tells the shop by its number", () => {
  const { body, topic } = fixture("order-taxes-included");
  assert.equal(shopOfBody(body, topic), "61230998744");
});

test("the app's and the compliance topics name the shop themselves", () => {
  for (const name of ["app-uninstalled", "customers-redact", "customers-data-request", "shop-redact"]) {
    const { body, topic } = fixture(name);
    assert.equal(shopOfBody(body, topic), "upline-demo.myshopify.com", name);
  }
  assert.equal(shopOf({ shop_id: "gid://shopify/Shop/548380009" }), "548380009");
  assert.equal(shopOf({ id: 548380009, myshopify_domain: null }), "548380009");
});

test("bodies that name no shop are refused", () => {
  for (const name of ["refund-created", "order-edit-hint", "order-deleted", "product-updated"]) {
    const { body, topic } = fixture(name);
    assert.equal(shopOfBody(body, topic), null, name);
  }
  for (const body of ["", "{", "null", "[]", '"upline-demo.myshopify.com"']) assert.equal(shopOfBody(body, "orders/paid"), null);
});

test("names that disagree are refused, and letters' case does not matter", () => {
  const page = "https://Shop-A.myshopify.com/11/orders/t/authenticate";
  assert.equal(shopOf({ ...status(page), shop_domain: "SHOP-A.myshopify.com" }), "shop-a.myshopify.com");
  assert.equal(shopOf({ ...status(page), shop_domain: "shop-b.myshopify.com" }), null);
  assert.equal(shopOf({ ...status(page), shop_id: 12 }), null);
});

test("what only looks like a shop is no shop", () => {
  const addresses = [
    "https://evil.example/?x=shop-a.myshopify.com",
    "https://shop-a.myshopify.com.evil.example/x/orders/t",
    "http://shop-a.myshopify.com/11/orders/t",
    "https://evil.example/0/orders/t",
    "https://a.b.myshopify.com/orders/t",
    "shop-a.myshopify.com/11/orders/t",
  ];
  for (const address of addresses) assert.equal(shopOf(status(address)), null, address);
  assert.equal(shopOf({ id: 11, name: "#1", line_items: [] }), null, "an order's own id is no shop's");
});
