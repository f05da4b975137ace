import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { SHOP_DECISIONS, SHOP_DECISIONS_PAY, toldByPlugin } from "../testing/shop-decisions.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditLedger } from "./audit.ts";

/** Recorded deliveries, and orders whose owner the shop's people and buyers changed: what those pay is worked out by hand. */
const lives = [...recordedLives(), ...SHOP_DECISIONS.map(toldByPlugin)];

/** What everyone holds for every order, and what every order is, in the shops' own names. */
async function ledgerOf(hub: TestHub): Promise<string[]> {
  const rows = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) =>
      tx<{ line: string }[]>`
      select o.platform || ' ' || o.platform_order_id || ' ' || o.stage || ' ' || o.net_minor || ' ' || o.refunded_net_minor || ' ' || coalesce(t.line, '') as line
        from orders o
        left join lateral (
          select entry_key || ' ' || sum(case when kind in ('commission', 'breakage') then amount else -amount end) as line
            from transfers t where t.company_id = o.company_id and t.source_no = o.order_no and t.source_kind = 1
           group by entry_key having sum(case when kind in ('commission', 'breakage') then amount else -amount end) <> 0) t on true
       order by 1`,
  );
  return rows.map((row) => row.line);
}

async function deliver(hub: TestHub, order: readonly number[], pauses: readonly boolean[]): Promise<void> {
  for (const [at, index] of order.entries()) {
    const life = lives[index];
    if (!life) throw new Error(`no delivery ${index}`);
    const { path, init } = signedRequest(hub.company.stores[life.platform], life);
    const response = await hub.app.request(path, init);
    expect(response.status).toBe(200);
    // Without a pause the next delivery shares a batch with this one; with one it finds this one posted.
    if (pauses[at % pauses.length]) await hub.settled();
  }
  await hub.settled();
}

const inOrder = lives.map((_, index) => index);

test("any order, duplication and splitting of the recorded deliveries ends in the same ledger, to the last minor unit", async (t) => {
  const first = await openTestHub();
  await deliver(first, inOrder, [true]);
  const expected = await ledgerOf(first);
  const decided = expected.flatMap(
    (line) => /^woocommerce (80\d) .* levels:\w+:\d:(D\d+) (\d+)$/.exec(line)?.slice(1).join(" ") ?? [],
  );
  const byHand = Object.entries(SHOP_DECISIONS_PAY).flatMap(([order, held]) =>
    Object.entries(held).map(([who, amount]) => `${order} ${who} ${amount}`),
  );
  expect(decided.sort()).toStrictEqual(byHand.sort());
  const audit = await auditLedger(first.pipeline, first.company.companyId);
  await first.close();
  expect([audit.balanced, audit.differences]).toStrictEqual([true, []]);
  assert.ok(expected.length > 60, `${expected.length} lines are too few to prove anything`);

  const times = runs(12);
  const shuffled = fc.shuffledSubarray(inOrder, { minLength: inOrder.length });
  const doubles = fc.array(fc.nat(inOrder.length - 1), { maxLength: 30 });
  const splits = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(shuffled, doubles, splits, async (order, again, pauses) => {
      const hub = await openTestHub();
      try {
        await deliver(hub, [...order, ...again], pauses);
        expect(await ledgerOf(hub)).toStrictEqual(expected);
        const result = await auditLedger(hub.pipeline, hub.company.companyId);
        expect(result.differences).toStrictEqual([]);
      } finally {
        await hub.close();
      }
    }),
    { ...times, endOnFailure: true },
  );
  await t.annotate(`${lives.length} deliveries, ${expected.length} ledger lines, ${times.numRuns} orders of arrival`);
});

test("two deliveries of one event in one group commit and in one worker batch have one effect", async (t) => {
  const hub = await openTestHub();
  t.onTestFinished(() => hub.close());
  const paid = lives.find(
    (life) => life.platform === "shopify" && life.body.includes("9007199254740993118") && life.topic === "orders/create",
  );
  assert.ok(paid);
  const request = () => {
    const { path, init } = signedRequest(hub.company.stores.shopify, paid);
    return hub.app.request(path, init);
  };
  const answers = await Promise.all(Array.from({ length: 40 }, request));
  assert.ok(answers.every((answer) => answer.status === 200));
  await hub.settled();
  const counts = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx`select outcome, count(*)::int as count from inbox_outcomes group by outcome order by outcome`,
  );
  expect(counts.map((row) => [row.outcome, row.count])).toStrictEqual([
    ["applied", 1],
    ["duplicate", 39],
  ]);
  const [transfers] = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx`select count(*)::int as count, max(revision) as revision from transfers`,
  );
  const once = transfers?.count;
  expect(transfers?.revision).toBe(1);
  await request();
  await hub.settled();
  const [after] = await asCompany(hub.db, hub.company.companyId, (tx) => tx`select count(*)::int as count from transfers`);
  expect(after?.count).toBe(once);
});
