import { inEnglish, PayloadError, type PlatformName } from "@upline/core";
import { inGerman } from "@upline/core/german";
import { expect, test } from "vitest";
import { platforms } from "../platforms.ts";
import { reasonOfDetail } from "./detail-reason.ts";

const german = (detail: string) => {
  const told = reasonOfDetail(detail);
  return told === null ? null : inGerman(told);
};

/** What a connector itself says of a body. */
function saidOf(platform: PlatformName, topic: string, body: string): string {
  try {
    const said = platforms[platform].normalise({ topic, body, settings: {}, now: new Date() } as never);
    if (said.kind === "ignored") return said.reason;
    return said.kind === "hint" ? `${said.entity} ${said.id}` : said.kind;
  } catch (error) {
    if (error instanceof PayloadError) return error.message;
    throw error;
  }
}

test("what connectors say of a body is known again, and is said in German", () => {
  for (const [platform, topic, body, expected] of [
    ["shopify", "orders/paid", "{", "$: JSON wird erwartet"],
    ["shopify", "orders/paid", "[]", "$: ein Objekt wird erwartet"],
    ["shopify", "products/update", '{"id":7}', "Produkt 7"],
    ["shopify", "themes/publish", '{"id":7}', "nichts, dem Upline folgt"],
    ["shopify", "orders/paid", "{}", "$.id: fehlt"],
    ["woocommerce", "order.updated", "{}", "$: weder eine Bestellung noch sonst etwas, das dieser Shop sendet"],
    ["magento", "order.updated", "{}", "$: weder eine Bestellung noch sonst etwas, das dieser Shop sendet"],
  ] as const) {
    const detail = saidOf(platform, topic, body);
    const told = reasonOfDetail(detail);
    expect([detail, told && inEnglish(told), german(detail)]).toStrictEqual([detail, detail, expected]);
  }
});

test("a sentence of another kind, or of another hub, stays as it is", () => {
  for (const detail of [null, "", "who knows", "order", "order 1 2", "$.a: who knows", "Error: it broke", "its body was erased."])
    expect(reasonOfDetail(detail), String(detail)).toBeNull();
  expect(german("its body was erased")).toBe("ihr Inhalt wurde gelöscht");
});
