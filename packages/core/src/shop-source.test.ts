import { expect, test } from "vitest";
import { sourceOfBody } from "./shop-source.ts";

const order = (more: object = {}) => ({ id: 31, note: '"source":{"url":"https://note.example"}', ...more });

test("the plugin's own address is read from the body, as PHP and others write it", () => {
  const body = JSON.stringify({ type: "order.updated", data: { order: order(), source: { url: "https://shop.example/tea" } } });
  expect(sourceOfBody(body)).toBe("https://shop.example/tea");
  expect(sourceOfBody(body.replaceAll("https://shop.example/tea", "https:\\/\\/shop.example\\/tea"))).toBe(
    "https://shop.example/tea",
  );
  expect(sourceOfBody(JSON.stringify(JSON.parse(body), null, 2))).toBe("https://shop.example/tea");
});

test("what an order holds that looks the same is not the shop's address", () => {
  const meta = { meta_data: [{ key: "api", value: { source: { url: "https://elsewhere.example" } } }] };
  const data = { order: order(meta), source: { url: "https://shop.example" } };
  expect(sourceOfBody(JSON.stringify({ type: "order.updated", data }))).toBe("https://shop.example");
});

test("a body that tells no address has none", () => {
  for (const body of ["", "{", JSON.stringify(order()), JSON.stringify({ data: { source: { plugin: "1" } } })])
    expect(sourceOfBody(body)).toBe(null);
});
