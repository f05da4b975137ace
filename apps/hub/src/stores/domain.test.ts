import { expect, test } from "vitest";
import { hostOf } from "./domain.ts";

test("a shop's domain is a host name", () => {
  expect(hostOf("https://Shop.Example.com/wp-admin")).toBe("shop.example.com");
  expect(hostOf("localhost:8080")).toBe("localhost:8080");
  expect(hostOf("münchen.example")).toBe("xn--mnchen-3ya.example");
  for (const bad of ["..", ".", "a..b", "-a.com", "a-.com", "a b.com", ""])
    expect(() => hostOf(bad), bad).toThrow(/is no domain: give the shop's host/);
});
