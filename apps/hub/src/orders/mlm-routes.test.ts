import postgres from "postgres";
import { afterAll, assert, beforeAll, describe, expect, it } from "vitest";
import { importDistributors } from "../network/import.ts";
import { addStore } from "../stores/add.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { addSeedNetwork, call, ONE_LINE, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let sql: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

const transform = JSON.parse(TRANSFORM);
const one = JSON.parse(ONE_LINE);

async function counts(): Promise<{ orders: number; revisions: number; transfers: number }> {
  const [row] = await sql<{ orders: number; revisions: number; transfers: number }[]>`
    select (select count(*)::int from orders) as orders, (select count(*)::int from order_revisions) as revisions,
           (select count(*)::int from transfers) as transfers`;
  return row as { orders: number; revisions: number; transfers: number };
}

const paid = (body: { commissions: { distributor_id: string | null; amount: string }[] }) =>
  body.commissions.map((entry) => [entry.distributor_id, entry.amount]);

describe("the document's two bodies", () => {
  it("takes the one-line form exactly as printed", async () => {
    const { status, body } = await sendOrder(hub, ONE_LINE);
    expect(status).toBe(201);
    expect([
      body.platform,
      body.platform_order_id,
      body.status,
      body.stage,
      body.currency,
      body.total,
      body.net,
      body.replayed,
    ]).toStrictEqual(["shopify", "1234", "paid", "earned", "USD", "99.00", "99.00", false]);
    expect(body.attribution.distributor_id).toBe("9012");
    expect(body.attribution.why).toBe('the cart attribute "9012" (referrer_id) belongs to distributor 9012');
    expect(body.lines[0].mapping.sku_id).toBe("A1123");
    // 10 % to 9012, 5 % to D06, D05 is not active, D04 has no third level: 3 % stay, D03 has no fourth: 2 % stay.
    expect(paid(body)).toStrictEqual([
      ["9012", "9.90"],
      ["D06", "4.95"],
      [null, "2.97"],
      [null, "1.98"],
    ]);
    expect(body.commissions[0].explanation).toBe("level 1: gold earns 10% of 99.00 = 9.90 USD");
    expect(body.plan.id).toStrictEqual("test-unilevel");
  });

  it("takes the transform form exactly as printed: what the total is less is a discount", async () => {
    const { status, body } = await sendOrder(hub, TRANSFORM);
    expect(status).toBe(201);
    expect(body.order_ts).toBe("2025-08-28T08:11:04.000Z");
    expect([body.lines[0].gross, body.lines[0].discount, body.net, body.total]).toStrictEqual([
      "99.00",
      "2.08",
      "96.92",
      "96.92",
    ]);
    expect(body.attribution.distributor_id).toBe("9012");
    expect(paid(body)).toStrictEqual([
      ["9012", "9.69"],
      ["D06", "4.85"],
      [null, "2.91"],
      [null, "1.94"],
    ]);
  });

  it("loses no digit of ids and money, whether they are numbers or texts", async () => {
    const body = (id: string, amount: string) =>
      `{"shopify_order_id": ${id}, "sku": "A1123", "amount": ${amount}, "order_ts": "2026-01-01T00:00:00Z"}`;
    const first = await sendOrder(hub, body("820982911946154508", "0.1"));
    expect([first.body.platform_order_id, first.body.total]).toStrictEqual(["820982911946154508", "0.10"]);
    const again = await sendOrder(hub, body('"820982911946154508"', '"0.10"'));
    expect([again.status, again.body.replayed, again.body.order_id]).toStrictEqual([200, true, first.body.order_id]);
    const yen = await sendOrder(hub, {
      ...transform,
      platform_order_id: 77,
      currency: "jpy",
      items: [{ platform_sku: "A1123", qty: "3", unit_price: 333 }],
      total: 1099,
    });
    expect([yen.body.currency, yen.body.lines[0].gross, yen.body.total, yen.body.net]).toStrictEqual([
      "JPY",
      "999",
      "1099",
      "999",
    ]);
  });

  it("refuses what it does not know and what its currency cannot be, by field", async () => {
    const items = (change: object) => [{ platform_sku: "A1123", qty: 1, unit_price: 10, ...change }];
    const soon = new Date(Date.now() + 4 * 86_400_000).toISOString();
    const cases: [object, string, RegExp][] = [
      [{ ...one, curency: "EUR" }, "curency", /is not known here/],
      [{ ...transform, refunds: [{ amount: 5 }] }, "refunds", /is not known here/],
      [{ ...transform, items: items({ quantity: 2 }) }, "items.0.quantity", /is not known here/],
      [{ ...transform, currency: "ZZZ" }, "currency", /ISO 4217/],
      [{ ...transform, currency: "XAU" }, "currency", /ISO 4217/],
      [{ ...one, amount: "99.005" }, "amount", /more decimals than USD has, which is 2/],
      [{ ...transform, currency: "JPY", total: 1098.9, items: items({}) }, "total", /more decimals than JPY has, which is 0/],
      [{ ...transform, items: items({ unit_price: "9.999" }) }, "items.0.unit_price", /more decimals/],
      [
        { ...transform, currency: "KWD", total: null, items: items({ unit_price: "9.9999" }) },
        "items.0.unit_price",
        /which is 3/,
      ],
      [{ ...one, amount: "99999999999" }, "amount", /is more than 10000000000\.00 USD/],
      [{ ...transform, items: items({ qty: "10000001" }) }, "items.0.qty", /not above 10000000/],
      [{ ...transform, order_ts: soon }, "order_ts", /day after tomorrow/],
      [{ ...transform, order_ts: "1969-12-31T23:59:59Z" }, "order_ts", /between 1970/],
      [{ ...one, shopify_order_id: "1.00001E+11" }, "shopify_order_id", /spreadsheet/],
    ];
    for (const [body, path, message] of cases) {
      const { status, body: problem } = await sendOrder(hub, body);
      expect([status, problem.errors?.map((error: { path: string }) => error.path)], path).toStrictEqual([400, [path]]);
      expect(problem.errors[0].message).toMatch(message);
    }
    const huge = await sendOrder(hub, { ...transform, total: null, items: items({ qty: "10000000", unit_price: "9999999" }) });
    expect([huge.status, huge.body.errors[0].path]).toStrictEqual([422, "items"]);
  });

  it("says why an order earns nothing", async () => {
    const kinds = new Set<string | undefined>();
    const why = async (change: object) => {
      const id = `nothing-${JSON.stringify(change).length}-${Math.random()}`.slice(0, 40);
      const { body } = await sendOrder(hub, { ...transform, platform_order_id: id, ...change });
      // The order's own page says the same, and before any language.
      const page = await call(hub, `/api/orders/${body.order_id}`, { key: hub.company.keys.read });
      expect(page.body.earns_nothing_because?.why ?? null).toBe(body.earns_nothing_because);
      kinds.add(page.body.earns_nothing_because?.reason.kind);
      return body.earns_nothing_because;
    };
    const item = { platform_sku: "KIT-STARTER-001", qty: 1, unit_price: 99 };
    expect(await why({})).toBe(null);
    expect(await why({ status: "pending" })).toBe('the status "pending" does not earn yet: send the order again once it is paid');
    expect(await why({ status: "cancelled" })).toBe('the status "cancelled" takes everything back');
    expect(await why({ order_ts: "2020-01-01T00:00:00Z" })).toMatch(/^no compensation plan was in force at 2020-01-01/);
    expect(await why({ items: [{ ...item, platform_sku: "NEW-9" }] })).toMatch(/^no SKU mapping covers NEW-9: map it/);
    expect(await why({ total: 0 })).toBe("the net amount is 0");
    expect(await why({ distributor_ref: null })).toBe(
      "it belongs to no distributor: no referral code came with it: it belongs to the company",
    );
    expect(await why({ distributor_ref: "NOBODY" })).toMatch(/^it belongs to no distributor: .*no distributor has this code/);
    const told = ["yet", "void", "without-plan", "unmapped", "of-nothing", "for-nobody"].map((kind) => `nothing-${kind}`);
    expect(kinds).toStrictEqual(new Set([undefined, ...told]));
  });

  it("spreads an order-wide discount over the lines to the last unit", async () => {
    const items = ["A1123", "KIT-STARTER-001", "A1123"].map((platform_sku) => ({ platform_sku, qty: 1, unit_price: 10 }));
    const { body } = await sendOrder(hub, { ...transform, platform_order_id: "split", items, total: 29.9 });
    expect(body.lines.map((line: { discount: string }) => line.discount)).toStrictEqual(["0.04", "0.03", "0.03"]);
    expect(body.net).toBe("29.90");
  });

  it("never commissions tax and shipping: a total above the items changes nothing", async () => {
    const { body } = await sendOrder(hub, { ...transform, platform_order_id: "taxed", total: 123.45 });
    expect([body.total, body.net, body.commissions[0].amount]).toStrictEqual(["123.45", "99.00", "9.90"]);
  });

  it("quarantines what no SKU mapping covers, and says so", async () => {
    const { status, body } = await sendOrder(hub, { ...one, shopify_order_id: "unmapped", sku: "NEW-1" });
    expect(status).toBe(201);
    expect([body.lines[0].quarantined, body.lines[0].mapping, body.commissions]).toStrictEqual([true, null, []]);
  });

  it("keeps an order whose code leads to nobody for a person to decide", async () => {
    const { body } = await sendOrder(hub, { ...one, shopify_order_id: "stray", referrer_id: "NOBODY7" });
    expect([body.attribution.distributor_id, body.attribution.unresolved]).toStrictEqual([null, true]);
    expect(body.attribution.why).toBe('the cart attribute "NOBODY7": no distributor has this code');
    const terminated = await sendOrder(hub, { ...one, shopify_order_id: "gone", referrer_id: "hana8" });
    expect(terminated.body.attribution.candidates[0].outcome).toBe("not-eligible");
    const nobody = await sendOrder(hub, { ...one, shopify_order_id: "direct", referrer_id: null });
    expect([nobody.body.attribution.why, nobody.body.attribution.unresolved]).toStrictEqual([
      "no referral code came with it: it belongs to the company",
      false,
    ]);
  });
});

describe("a repeated call", () => {
  it("is answered like the first one and has no effect", async () => {
    const body = { ...one, shopify_order_id: "again" };
    const first = await sendOrder(hub, body);
    const before = await counts();
    // Without order_ts the first sight's time counts, so that a later repeat is no other order.
    const second = await sendOrder(hub, body);
    expect([first.status, second.status]).toStrictEqual([201, 200]);
    expect({ ...second.body, replayed: false }).toStrictEqual(first.body);
    expect(await counts()).toStrictEqual(before);
  });

  it("with other facts is refused, naming what differs in the words of the body", async () => {
    const body = { ...one, shopify_order_id: "differs", currency: "EUR" };
    await sendOrder(hub, body);
    const before = await counts();
    const other = await sendOrder(hub, {
      ...body,
      sku: "KIT-STARTER-001",
      amount: 99.01,
      referrer_id: "MAYA21",
      customer_id: 5,
      order_ts: "2026-01-01T00:00:00Z",
    });
    expect([other.status, other.body.code]).toStrictEqual([409, "conflicting-replay"]);
    expect(other.body.errors.map((field: { path: string }) => field.path)).toStrictEqual([
      "order_ts",
      "referrer_id",
      "customer_id",
      "sku",
      "amount",
    ]);
    expect(other.body.errors[4].message).toMatch(/is 99.00 EUR in the stored order/);
    const items = await sendOrder(hub, { ...transform, items: [{ platform_sku: "A1123", qty: 2, unit_price: 49.5 }] });
    expect(items.body.errors.map((field: { path: string }) => field.path)).toStrictEqual(["items"]);
    const ref = await sendOrder(hub, { ...transform, distributor_ref: "abc123 " });
    expect([ref.status, ref.body.replayed]).toStrictEqual([200, true]);
    expect(await counts()).toStrictEqual(before);
  });

  it("may list the items in another order", async () => {
    const items = [
      { platform_sku: "A1123", qty: 1, unit_price: 10 },
      { platform_sku: "KIT-STARTER-001", qty: 2, unit_price: "5" },
    ];
    const body = { ...transform, platform_order_id: "shuffled", items, total: 20 };
    expect((await sendOrder(hub, body)).status).toBe(201);
    expect((await sendOrder(hub, { ...body, items: items.toReversed() })).status).toBe(200);
  });

  it("moves a status on, never back, and takes everything back at the end", async () => {
    const body = { ...transform, platform_order_id: "moves" };
    const pending = await sendOrder(hub, { ...body, status: "pending" });
    expect([
      pending.status,
      pending.body.stage,
      pending.body.commissions[0].amount,
      pending.body.commissions[0].original,
    ]).toStrictEqual([201, "pending", "0.00", "9.69"]);
    const done = await sendOrder(hub, { ...body, status: "PAID" });
    expect([done.status, done.body.stage, done.body.commissions[0].amount]).toStrictEqual([201, "earned", "9.69"]);
    expect([done.body.order_id, done.body.revision]).toStrictEqual([pending.body.order_id, 2]);
    const refunded = await sendOrder(hub, { ...body, status: "refunded" });
    expect([refunded.status, refunded.body.stage]).toStrictEqual([201, "void"]);
    expect(
      refunded.body.commissions.map((entry: { amount: string; reversed: string }) => [entry.amount, entry.reversed]),
    ).toStrictEqual([
      ["0.00", "9.69"],
      ["0.00", "4.85"],
      ["0.00", "2.91"],
      ["0.00", "1.94"],
    ]);
    const back = await sendOrder(hub, { ...body, status: "completed" });
    expect([back.status, back.body.code, back.body.errors.map((field: { path: string }) => field.path)]).toStrictEqual([
      409,
      "conflicting-replay",
      ["status"],
    ]);
    // An exact repeat of an earlier call is answered as it was then, though the order has moved on.
    const repeat = await sendOrder(hub, { ...body, status: "paid" });
    expect([repeat.status, { ...repeat.body, replayed: false }]).toStrictEqual([200, done.body]);
  });

  it("at the same time has one effect, and both are answered", async () => {
    const before = await counts();
    const body = { ...transform, platform_order_id: "race" };
    const answers = await Promise.all(Array.from({ length: 12 }, () => sendOrder(hub, body)));
    expect(answers.map((answer) => answer.status).sort()).toStrictEqual([...Array(11).fill(200), 201]);
    const [first] = answers;
    for (const answer of answers) expect({ ...answer.body, replayed: false }).toStrictEqual({ ...first?.body, replayed: false });
    const now = await counts();
    expect([now.orders - before.orders, now.revisions - before.revisions, now.transfers - before.transfers]).toStrictEqual([
      1, 1, 4,
    ]);
  });

  it("at the same time with other facts: one is taken, the others are refused", async () => {
    for (let round = 0; round < 10; round++) {
      const id = `contest-${round}`;
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) => sendOrder(hub, { ...one, shopify_order_id: id, amount: 10 + index })),
      );
      expect(answers.map((answer) => answer.status).sort()).toStrictEqual([201, ...Array(11).fill(409)]);
      const winner = answers.find((answer) => answer.status === 201)?.body;
      const { body: order } = await call(hub, `/api/orders/${winner.order_id}`);
      expect([order.revision, order.total]).toStrictEqual([1, winner.total]);
    }
  });

  it("at the same time, more of them than there are connections, when the network has just changed", async () => {
    await importDistributors(hub, {
      companyId: hub.company.companyId,
      rows: [{ line: 1, distributorId: "NEW1", sponsorId: "D01" }],
    });
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => sendOrder(hub, { ...transform, platform_order_id: `crowd-${index}` })),
    );
    assert.ok(answers.every((answer) => answer.status === 201));
  });

  it("at the same time with two statuses ends in the newer one", async () => {
    const body = { ...transform, platform_order_id: "race-status" };
    await sendOrder(hub, { ...body, status: "pending" });
    const answers = await Promise.all(
      ["paid", "refunded", "paid", "refunded"].map((status) => sendOrder(hub, { ...body, status })),
    );
    assert.ok(answers.every((answer) => [200, 201, 409].includes(answer.status)));
    const { body: list } = await call(hub, "/api/orders?platform_order_id=race-status");
    expect(list.items[0].status).toBe("refunded");
    const balances =
      await sql`select sum(case when kind in ('commission', 'breakage') then amount else -amount end) as left from transfers t
      join orders o on o.order_no = t.source_no where o.platform_order_id = 'race-status'`;
    assert.ok([null, "0"].includes(balances[0]?.left ?? null));
  });
});

describe("an order that the store sends itself", () => {
  it("is not for the API to change", async () => {
    const paidLife = recordedLives().find((life) => life.platform === "shopify" && life.topic === "orders/create");
    assert.ok(paidLife);
    const { path, init } = signedRequest(hub.company.stores.shopify, paidLife);
    expect((await hub.app.request(path, init)).status).toBe(200);
    await hub.settled();
    const { body: list } = await call(hub, "/api/orders?limit=1");
    expect(list.items[0].revision).toBe(1);
    const before = await counts();
    const answer = await sendOrder(hub, { ...transform, platform_order_id: list.items[0].platform_order_id });
    expect([answer.status, answer.body.code]).toStrictEqual([409, "conflict"]);
    expect(answer.body.detail).toMatch(/its deliveries decide/);
    expect(await counts()).toStrictEqual(before);
  });
});

describe("refusals", () => {
  const cases: [name: string, body: unknown, status: number, code: string, says: RegExp][] = [
    ["no JSON", "{", 400, "bad-request", /The body is no JSON/],
    ["typographic quotes", ONE_LINE.replaceAll('"', "\u201d"), 400, "bad-request", /typographic quotes/],
    ["nothing", "{}", 400, "bad-request", /shopify_order_id, sku, amount/],
    ["a list", "[]", 400, "bad-request", /the body/],
    ["a negative amount", { ...one, amount: -1 }, 400, "bad-request", /amount/],
    ["thousands marks", { ...one, amount: "1,000.00" }, 400, "bad-request", /amount/],
    ["an exponent", '{"shopify_order_id":"x","sku":"A1123","amount":1e300}', 400, "bad-request", /amount/],
    ["no currency", { ...one, currency: "dollar" }, 400, "bad-request", /currency/],
    ["no such status", { ...transform, status: "lost" }, 400, "bad-request", /status/],
    ["no items", { ...transform, items: [] }, 400, "bad-request", /items/],
    [
      "no quantity",
      { ...transform, items: [{ platform_sku: "A1123", qty: 0, unit_price: 1 }] },
      400,
      "bad-request",
      /items\.0\.qty/,
    ],
    ["a time without zone", { ...transform, order_ts: "2025-08-28 08:11" }, 400, "bad-request", /order_ts/],
    ["another platform", { ...transform, platform: "etsy" }, 400, "bad-request", /platform/],
    ["an unknown store", { ...one, store: "st_nobody" }, 422, "unprocessable", /names no active shopify store/],
  ];
  for (const [name, body, status, code, says] of cases) {
    it(`${name}: ${status}`, async () => {
      const before = await counts();
      const answer = await sendOrder(hub, body);
      expect([answer.status, answer.body.code, answer.headers.get("content-type")]).toStrictEqual([
        status,
        code,
        "application/problem+json",
      ]);
      expect(`${answer.body.detail} ${JSON.stringify(answer.body.errors ?? [])}`).toMatch(says);
      expect(await counts()).toStrictEqual(before);
    });
  }

  it("other media types, and bodies that are too large", async () => {
    const plain = await call(hub, "/api/mlm/orders", { body: ONE_LINE, headers: { "content-type": "text/plain" } });
    expect([plain.status, plain.body.detail]).toStrictEqual([
      400,
      "Send JSON, with the header `Content-Type: application/json`.",
    ]);
    const large = await sendOrder(hub, { ...one, sku: "x".repeat(hub.env.bodyLimitBytes) });
    expect([large.status, large.body.code]).toStrictEqual([413, "too-large"]);
  });

  it("no key, a wrong key, a key without the scope, another method", async () => {
    for (const key of [null, "upk_wrongwrongwrong"]) {
      const answer = await call(hub, "/api/mlm/orders", { key, body: ONE_LINE });
      expect([answer.status, answer.body.code]).toStrictEqual([401, "unauthorized"]);
    }
    const scope = await sendOrder(hub, ONE_LINE, hub.company.keys.read);
    expect([scope.status, scope.body.code]).toStrictEqual([403, "missing-scope"]);
    const method = await call(hub, "/api/mlm/orders", { method: "DELETE" });
    expect([method.status, method.body.code, method.headers.get("allow")]).toStrictEqual([405, "method-not-allowed", "POST"]);
  });

  it("a company with no store of the platform, or with several", async () => {
    const { companyId, stores } = hub.company;
    await sql`update stores set status = 'paused' where store_id = ${stores.magento.storeId}`;
    const none = await sendOrder(hub, { ...transform, platform: "magento", platform_order_id: "m1" });
    expect(none.status).toBe(422);
    expect(none.body.detail).toMatch(/pnpm upline store add --platform magento/);
    const second = await addStore(hub, {
      companyId,
      platform: "woocommerce",
      domain: "two.example.com",
      publicUrl: "http://hub.test",
    });
    const several = await sendOrder(hub, { ...transform, platform: "woocommerce", platform_order_id: "w1" });
    expect(several.status).toBe(422);
    expect(several.body.detail).toMatch(new RegExp(`${stores.woocommerce.storeId}, ${second.storeId}`));
    const named = await sendOrder(hub, { ...transform, platform: "woocommerce", platform_order_id: "w1", store: second.storeId });
    expect([named.status, named.body.store_id]).toStrictEqual([201, second.storeId]);
  });
});
