import type { JsonObject } from "@upline/core";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import type { Answer, Params, WooClient } from "./client.ts";
import { plainTime, walk } from "./walk.ts";

interface Order {
  id: number;
  date_modified_gmt: string;
}

const at = (second: number): string => plainTime(new Date(Date.parse("2026-11-24T00:00:00Z") + second * 1000));
const start = at(-1);

/** A list that changes while it is read; equal times come in an order of their own. */
function changingList(orders: Order[], beforeEach: () => void = () => undefined) {
  const asked: Params[] = [];
  const get = async (_path: string, params: Params = {}): Promise<Answer> => {
    beforeEach();
    asked.push(params);
    const { modified_after = "", modified_before = "9", orderby, per_page, page = "1" } = params;
    const salt = (id: number) => (id * 7919) % 101;
    const rows = orders
      .filter(({ date_modified_gmt: time }) => time > modified_after && time < modified_before)
      .sort((a, b) => {
        if (orderby === "id" || a.date_modified_gmt === b.date_modified_gmt)
          return orderby === "id" ? a.id - b.id : salt(a.id) - salt(b.id);
        return a.date_modified_gmt < b.date_modified_gmt ? -1 : 1;
      });
    const from = (Number(page) - 1) * Number(per_page);
    const body = structuredClone(rows.slice(from, from + Number(per_page)));
    return {
      body,
      total: rows.length,
      totalPages: Math.ceil(rows.length / Number(per_page)),
      storeTime: new Date("2026-11-24T01:00:00Z"),
    };
  };
  const never = async () => expect.fail("only reads");
  return { asked, client: { get, post: never, put: never, delete: never, now: () => new Date() } satisfies WooClient };
}

async function read(client: WooClient, perPage: number, after = start): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  for await (const page of walk(client, { path: "orders", by: "modified", after, perPage })) rows.push(...page.rows);
  return rows;
}

test("every order once, whatever the page size, though seconds fill whole pages", async () => {
  const second = fc.integer({ min: 0, max: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(second, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), async (seconds, perPage) => {
      const orders = seconds.map((one, index) => ({ id: index + 1, date_modified_gmt: at(one) }));
      const rows = await read(changingList(orders).client, perPage);
      expect(rows.map(({ id }) => id).sort((a, b) => Number(a) - Number(b))).toStrictEqual(orders.map(({ id }) => id));
    }),
    runs(200),
  );
});

test("orders that change, come and go while the list is read: nothing that stays is missed, in its newest state", async () => {
  const change = fc.record({ on: fc.nat(15), what: fc.constantFrom("touch", "delete", "add"), pick: fc.nat(59) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      fc.array(change, { maxLength: 12 }),
      async (seconds, perPage, changes) => {
        const orders: Order[] = seconds.map((one, index) => ({ id: index + 1, date_modified_gmt: at(one) }));
        let request = 0;
        let clock = 20;
        const { client } = changingList(orders, () => {
          for (const { what, pick } of changes.filter(({ on }) => on === request)) {
            clock += 1;
            const index = pick % Math.max(orders.length, 1);
            if (what === "add") orders.push({ id: 1000 + clock, date_modified_gmt: at(clock) });
            else if (what === "delete") orders.splice(index, 1);
            else if (orders[index]) orders[index].date_modified_gmt = at(clock);
          }
          request += 1;
        });
        const rows = await read(client, perPage);
        const told = new Map(rows.map(({ id, date_modified_gmt }) => [id, date_modified_gmt]));
        const reached = request;
        const settled = changes.every(({ on }) => on < reached - 1);
        for (const { id, date_modified_gmt } of orders) {
          assert.ok(told.has(id) || !settled, `order ${id} was missed`);
          if (settled) expect(told.get(id), `order ${id} was told in an old state`).toBe(date_modified_gmt);
        }
      },
    ),
    runs(200),
  );
});

test("a walk goes on where a page ended, repeating at most one second", async () => {
  const orders = Array.from({ length: 20 }, (_, index) => ({ id: index + 1, date_modified_gmt: at(index >> 1) }));
  const { client } = changingList(orders);
  const seen = new Set<unknown>();
  let after = start;
  for await (const page of walk(client, { path: "orders", by: "modified", after, perPage: 5 })) {
    for (const { id } of page.rows) seen.add(id);
    after = page.after;
    expect(page.total).toBe(20);
    if (seen.size >= 10) break;
  }
  const rest = await read(client, 5, after);
  for (const { id } of rest) seen.add(id);
  expect(seen.size).toBe(20);
  assert.ok(rest.length <= 12);
});

test("times are asked for as UTC, in rising order, from the first page", async () => {
  const { client, asked } = changingList([{ id: 1, date_modified_gmt: at(3) }]);
  await read(client, 100);
  expect(asked).toStrictEqual([
    { dates_are_gmt: "true", modified_after: start, order: "asc", per_page: "100", orderby: "modified" },
  ]);
});

test("a short page is not the last one where the store counts more", async () => {
  const orders = Array.from({ length: 9 }, (_, index) => ({ id: index + 1, date_modified_gmt: at(index) }));
  const { client } = changingList(orders);
  const broken: WooClient = {
    ...client,
    get: async (path, params) => {
      const answer = await client.get(path, params);
      return { ...answer, body: (answer.body as Order[]).filter(({ id }) => id !== 2) };
    },
  };
  expect((await read(broken, 3)).map(({ id }) => id)).toStrictEqual([1, 3, 4, 5, 6, 7, 8, 9]);
});
