import { expect, test } from "vitest";
import { isSameShop } from "./shop-address.ts";

/** The table of the plugin's own test. */
test("the same shop", () => {
  for (const [address, other] of [
    ["https://shop.example", "http://shop.example/"],
    ["https://www.shop.example", "https://SHOP.example"],
    ["https://shop.example:443/tea/", "http://shop.example/Tea"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/"],
    ["https://one.example.com.", "https://one.example.com"],
  ] as const)
    expect([address, isSameShop(address, other)]).toStrictEqual([address, true]);
});

test("another shop", () => {
  for (const [address, other] of [
    ["https://shop.example", "https://staging.shop.example"],
    ["https://shop.example", "https://shop.example/staging"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8081"],
    ["https://shop.example", "https://shop.example.org"],
    ["", ""],
    ["https://shop.example", "shop.example"],
  ] as const)
    expect([address, isSameShop(address, other)]).toStrictEqual([address, false]);
});
