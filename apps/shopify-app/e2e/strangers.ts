import postgres from "postgres";
import { orderBody } from "../standin/order-body.ts";
import { makeOrder } from "../standin/sell.ts";
import { shopBody } from "../standin/site.ts";
import type { Stack } from "../standin/stack.ts";
import { restText } from "../standin/wire.ts";
import { demand, same } from "./judge.ts";
import { DOMAIN, OTHER } from "./life.ts";

/** Bodies that Shopify signed for one shop, sent in the name of another: all shops of an app share one secret. */
export async function sendStrangers({ standin, hubUrl, appUrl, askToken }: Stack): Promise<void> {
  const { site } = standin;
  const shop = site.shopOf(OTHER);
  const order = makeOrder(shop, { lines: [{ variant: "TEA-01" }], attributes: [{ name: "_ref_code", value: "ANNA77" }] });
  const send = async (url: string, told: { shop: string; topic: string; body: string }) => {
    const ids = { webhookId: crypto.randomUUID(), eventId: crypto.randomUUID(), triggeredAt: site.clock.now().toISOString() };
    return (await fetch(url, { method: "POST", headers: site.webhooks.headers({ ...told, ...ids }), body: told.body })).status;
  };
  const bought = restText(orderBody(shop, order));
  const asOther = await send(`${hubUrl}/ingest/shopify`, { shop: DOMAIN, topic: "orders/create", body: bought });
  demand(asOther >= 400 && asOther < 500, `the hub answered ${asOther} to an order of ${OTHER} in the name of ${DOMAIN}`);
  const left = restText(shopBody(shop));
  const goodbye = await send(`${appUrl}/webhooks/app`, { shop: DOMAIN, topic: "app/uninstalled", body: left });
  demand(goodbye >= 400 && goodbye < 500, `the app answered ${goodbye} to the uninstall of ${OTHER} in the name of ${DOMAIN}`);
  same((await askToken(DOMAIN)).status, 200, `the answer to the hub's question for a token of ${DOMAIN} afterwards`);
  shop.orders.delete(order.id);
}

/** A hundred webhooks and a hundred questions for a token at once, with a token that has run out. */
export async function burst({ standin, appDatabaseUrl, askToken }: Stack, orderId: string): Promise<{ refreshes: number }> {
  const { site } = standin;
  const shop = site.shopOf(DOMAIN);
  site.tokens.expire(shop);
  // The app goes by the time that it was told when it got the token.
  const database = postgres(appDatabaseUrl, { max: 1, onnotice: () => {} });
  await database`update shopify_app.sessions set expires = now() - interval '1 minute' where shop = ${DOMAIN}`;
  await database.end();
  const { refreshes } = site.tokens.counts;
  const hints = Array.from({ length: 100 }, () =>
    site.webhooks.send(shop, [
      { topic: "orders/edited", body: { order_edit: { id: `number:${shop.newId()}`, order_id: `number:${orderId}` } } },
    ]),
  ).flat();
  const tokens = await Promise.all(Array.from({ length: 100 }, () => askToken(DOMAIN)));
  await site.webhooks.settled();
  const statuses = [...new Set(hints.flatMap((hint) => hint.statuses))];
  same(statuses, [200], "the answers to a hundred webhooks");
  same([...new Set(tokens.map(({ status }) => status))], [200], "the answers to a hundred questions for a token");
  same(new Set(tokens.map(({ accessToken }) => accessToken)).size, 1, "how many tokens were given out");
  const made = site.tokens.counts.refreshes - refreshes;
  same([made, site.tokens.counts.refusedRefreshes], [1, 0], "how often the token was renewed, and how often in vain");
  return { refreshes: made };
}
