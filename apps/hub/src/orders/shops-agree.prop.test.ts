import { DEFAULT_STORE_SETTINGS, netOfLine, type PlatformName, refundedNet } from "@upline/core";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { platforms } from "../platforms.ts";
import { asMagento, asShopify, asWooCommerce, drawnLife } from "../testing/one-life-three-shops.ts";

/** Net and refunded net of each line, as the platform's connector reads the body. */
function readBy(platform: PlatformName, body: string): [bigint, bigint | undefined][] {
  const said = platforms[platform].normalise({ topic: "orders/updated", body, settings: DEFAULT_STORE_SETTINGS });
  assert.ok(said.kind === "order", said.kind);
  const back = refundedNet(said.state);
  return said.state.lines.map((line) => [netOfLine(line), back.get(line.lineId)]);
}

test("property: the same life of an order is the same net in all three shops, and goods given back by the line are exact", () => {
  fc.assert(
    fc.property(drawnLife, (life) => {
      const shopify = readBy("shopify", asShopify(life));
      expect(readBy("woocommerce", asWooCommerce(life))).toStrictEqual(shopify);
      expect(readBy("magento", asMagento(life))).toStrictEqual(shopify);
      expect(shopify.map(([net]) => net)).toStrictEqual(life.goods.map(({ net }) => BigInt(net)));
      const named = life.goods.map((_, index) =>
        life.refunds.reduce((sum, { goods }) => sum + (goods?.index === index ? goods.net : 0), 0),
      );
      const onlyGoods = life.refunds.every(({ goods }) => goods !== null);
      named.forEach((net, index) => {
        const back = shopify[index]?.[1] ?? -1n;
        if (onlyGoods) expect(back).toBe(BigInt(net));
        else assert.ok(back >= BigInt(net), `${back} of at least ${net}`);
      });
    }),
    runs(400),
  );
});
