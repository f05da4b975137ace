import { expect, test } from "vitest";
import { fixture } from "../fixtures/load.ts";
import { shopOfBody } from "./shop.ts";

const shopOf = (value: unknown) => shopOfBody(JSON.stringify(value), "orders/paid");
const status = (address: string) => ({ order_status_url: address });

test("an order is signed for the shop of its status page", () => {
  const { body, topic } = fixture("order-created-paid");
  expect(shopOfBody(body, topic)).toBe("upline-demo.myshopify.com");
});

test("a status page on the shop's own domain tells the shop by its number", () => {
  const { body, topic } = fixture("order-taxes-included");
  expect(shopOfBody(body, topic)).toBe("61230998744");
});

test("the app's and the compliance topics name the shop themselves", () => {
  for (const name of ["app-uninstalled", "customers-redact", "customers-data-request", "shop-redact"]) {
    const { body, topic } = fixture(name);
    expect(shopOfBody(body, topic), name).toBe("upline-demo.myshopify.com");
  }
  expect(shopOf({ shop_id: "gid://shopify/Shop/548380009" })).toBe("548380009");
  expect(shopOf({ id: 548380009, myshopify_domain: null })).toBe("548380009");
});

test("bodies that name no shop are refused", () => {
  for (const name of ["refund-created", "order-edit-hint", "order-deleted", "product-updated"]) {
    const { body, topic } = fixture(name);
    expect(shopOfBody(body, topic), name).toBe(null);
  }
  for (const body of ["", "{", "null", "[]", '"upline-demo.myshopify.com"']) expect(shopOfBody(body, "orders/paid")).toBe(null);
});

test("names that disagree are refused, and letters' case does not matter", () => {
  const page = "https://Shop-A.myshopify.com/11/orders/t/authenticate";
  expect(shopOf({ ...status(page), shop_domain: "SHOP-A.myshopify.com" })).toBe("shop-a.myshopify.com");
  expect(shopOf({ ...status(page), shop_domain: "shop-b.myshopify.com" })).toBe(null);
  expect(shopOf({ ...status(page), shop_id: 12 })).toBe(null);
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
  for (const address of addresses) expect(shopOf(status(address)), address).toBe(null);
  expect(shopOf({ id: 11, name: "#1", line_items: [] }), "an order's own id is no shop's").toBe(null);
});
