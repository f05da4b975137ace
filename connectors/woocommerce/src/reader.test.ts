import type { FoundOrder, OrdersPage, StoreReader } from "@upline/core";
import { type ReaderSubject, storeReaderContract } from "@upline/core/reader-contract";
import { openOutgoing } from "@upline/outgoing";
import { assert, expect, test } from "vitest";
import { openReaderShop } from "../fixtures/reader-shop.ts";
import { woocommerce } from "./index.ts";
import { openStoreReader } from "./reader.ts";

const subject: ReaderSubject = { platform: woocommerce, open: openReaderShop };

for (const { name, run } of storeReaderContract(subject)) test(name, run);

/** Readers with one fault each, and the case that has to notice it. */
const FAULTS: Readonly<Record<string, { notice: string; fault: (reader: StoreReader) => Partial<StoreReader> }>> = {
  "takes an error for a deletion": {
    notice: "a shop that does not answer has not deleted anything",
    fault: (reader) => ({ order: (orderId) => reader.order(orderId).catch(() => gone(orderId)) }),
  },
  "loses the end of every page": {
    notice: "every order once by change and by creation, oldest first, though seconds fill pages",
    fault: (reader) => ({ orders: (walk) => shortened(reader.orders(walk)) }),
  },
  "leaves out the trash": {
    notice: "what was thrown away is told by change, and is nothing for an import",
    fault: (reader) => ({ orders: (walk) => reader.orders({ ...walk, by: "created" }) }),
  },
  "begins anew at every cursor": {
    notice: "a cursor goes on where a page ended and misses nothing",
    fault: (reader) => ({ orders: ({ cursor: _cursor, ...walk }) => reader.orders(walk) }),
  },
  "begins at the beginning": {
    notice: "what is older than the time asked for is left out",
    fault: (reader) => ({ orders: ({ since: _since, ...walk }) => reader.orders(walk) }),
  },
  "answers whatever it is asked to compare": {
    notice: "comparing answers what differs and nothing else",
    fault: (reader) => ({
      async *compare(known) {
        for await (const { orderId } of known) yield await reader.order(orderId);
      },
    }),
  },
  "reads an order without its refunds": {
    notice: "an order is read with its refunds, by lists and by itself alike",
    fault: (reader) => ({ order: async (orderId) => withoutRefunds(await reader.order(orderId)) }),
  },
  "makes its webhooks again": {
    notice: "webhooks: wanted once, kept afterwards, taken away again; those of others stay",
    fault: ({ webhooks }) => ({
      webhooks: webhooks && {
        ...webhooks,
        async ensure(wanted) {
          await webhooks.remove(wanted.deliveryUrl);
          return webhooks.ensure(wanted);
        },
      },
    }),
  },
};

for (const [name, { notice, fault }] of Object.entries(FAULTS)) {
  test(`the battery notices a reader that ${name}`, async () => {
    const open = async () => {
      const shop = await openReaderShop();
      return { ...shop, reader: { ...shop.reader, ...fault(shop.reader) } };
    };
    const noticing = storeReaderContract({ ...subject, open }).find((one) => one.name === `reader: ${notice}`);
    assert.ok(noticing, "there is no such case");
    await expect(noticing.run()).rejects.toThrow();
  });
}

const gone = (orderId: string): FoundOrder => {
  const data = { order: { id: Number(orderId), status: "deleted" } };
  return { kind: "deleted", orderId, topic: "order.deleted", body: JSON.stringify({ timestamp: "2026-03-01T00:00:00Z", data }) };
};

async function* shortened(pages: AsyncIterable<OrdersPage>): AsyncGenerator<OrdersPage> {
  for await (const page of pages) yield { ...page, found: page.found.slice(0, 99) };
}

function withoutRefunds(found: FoundOrder): FoundOrder {
  if (found.kind !== "order") return found;
  const said = JSON.parse(found.body) as { data: object };
  return { ...found, body: JSON.stringify({ ...said, data: { ...said.data, refunds: [] } }) };
}

test("a key of another shape is refused by what it lacks", () => {
  expect(() =>
    openStoreReader({
      url: "https://shop.example",
      credentials: { accessToken: "x" },
      callOut: openOutgoing({ allowPrivate: false }),
    }),
  ).toThrow(new TypeError("a WooCommerce store is read with a consumerKey and a consumerSecret"));
});
