import { DEFAULT_STORE_SETTINGS } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { signedRequest } from "../testing/recorded-lives.ts";
import { type Told, toldByPlugin } from "../testing/shop-decisions.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { readSettings } from "./settings.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const DEFAULTS = {
  ref_parameter: "ref",
  ref_keys: ["_upline_ref_code", "_ref_code", "referral_code", "ref_code", "ref"],
  statuses: {
    "charge-back": "chargeback",
    "charged-back": "chargeback",
    chargeback: "chargeback",
    disputed: "pending",
    "partially-paid": "pending",
  },
  payment_fees: [],
  problems: [],
};

async function settings(change?: object, key = hub.company.keys.admin) {
  const answer = await hub.app.request(`/api/stores/${hub.company.stores.woocommerce.storeId}/settings`, {
    method: change === undefined ? "GET" : "PATCH",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: change === undefined ? null : JSON.stringify(change),
  });
  return [answer.status, (await answer.json()) as typeof DEFAULTS & { errors: { path: string; message: string }[] }] as const;
}

/** An order of 40.00 by ANNA77, in a status that no WooCommerce knows, without a payment date. */
async function deliver(told: Told, status: string, fee?: object): Promise<void> {
  const life = toldByPlugin({ code: "ANNA77", via: "cookie", ...told });
  const sent = JSON.parse(life.body);
  Object.assign(sent.data.order, { status, date_paid_gmt: null, fee_lines: fee === undefined ? [] : [fee] });
  const { path, init } = signedRequest(hub.company.stores.woocommerce, { ...life, body: JSON.stringify(sent) });
  expect((await hub.app.request(path, init)).status).toBe(200);
  await hub.settled();
}

/** What D03, whose code ANNA77 is, has of an order: 10 % of its net. */
async function annaHas(id: number): Promise<number> {
  const [row] = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx<{ amount: number }[]>`
      select coalesce(sum(l.amount_minor), 0)::float8 as amount from ledger l join orders o on o.order_no = l.source_no
       where l.source_kind = 1 and l.distributor_id = 'D03' and o.platform_order_id = ${String(id)}`,
  );
  return row?.amount ?? -1;
}

test("a status of the shop's own and a fee that pays count from when they are set, and for a known order with its next delivery", async () => {
  const wallet = { id: 9, name: "Wallet", total: "-10.00", total_tax: "0.00" };
  await deliver({ id: 91, minute: 1 }, "packed");
  await deliver({ id: 92, minute: 1 }, "completed", wallet);
  // 40.00 less a discount of 10.00; what is packed is not known to be paid.
  expect([await annaHas(91), await annaHas(92)]).toStrictEqual([0, 300]);
  expect(await settings()).toStrictEqual([200, DEFAULTS]);
  expect((await settings({ payment_fees: [] }, hub.company.keys.read))[0]).toBe(403);
  const set = await settings({ statuses: { "wc-Packed": "earned", disputed: "cancelled" }, payment_fees: [" wallet "] });
  const statuses = { ...DEFAULTS.statuses, "wc-Packed": "earned", disputed: "cancelled" };
  expect(set).toStrictEqual([200, { ...DEFAULTS, statuses, payment_fees: ["wallet"] }]);
  expect([await annaHas(91), await annaHas(92)]).toStrictEqual([0, 300]);
  await deliver({ id: 91, minute: 2 }, "packed");
  await deliver({ id: 92, minute: 2 }, "completed", wallet);
  await deliver({ id: 93, minute: 2 }, "packed");
  expect([await annaHas(91), await annaHas(92), await annaHas(93)]).toStrictEqual([400, 400, 400]);
  const back = await settings({ statuses: { "wc-Packed": null }, payment_fees: null });
  expect(back).toStrictEqual([200, { ...DEFAULTS, statuses: { ...DEFAULTS.statuses, disputed: "cancelled" } }]);
  const audited = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx`select actor from audit_log where act = 'store.settings'`,
  );
  expect(audited.map(({ actor }) => actor)).toStrictEqual(["key:admin", "key:admin"]);
});

test("each wrong field is told with a sentence, and nothing is changed", async () => {
  const before = await settings();
  const [status, { errors }] = await settings({
    ref_parameter: "a b",
    ref_keys: ["fine", ""],
    statuses: { packed: "paid", held: "pending", "wc-held": "earned" },
    payment_fees: "Wallet",
    colour: 1,
  });
  expect(status).toBe(422);
  expect(errors).toStrictEqual([
    { path: "ref_parameter", message: expect.stringMatching(/^is a word of 1 to 60 letters/) },
    { path: "ref_keys.1", message: expect.stringMatching(/^is a text of 1 to 255 characters/) },
    { path: "statuses.packed", message: "means one of pending, earned, cancelled, failed, chargeback" },
    { path: "statuses.wc-held", message: 'is the same status as "held": leave one of the two out' },
    { path: "payment_fees", message: "is a list of at most 100 texts" },
    { path: "colour", message: expect.stringMatching(/there are ref_parameter, ref_keys, statuses, payment_fees$/) },
  ]);
  expect(await settings()).toStrictEqual(before);
});

test("a stored entry that cannot be used is told, and the others count", async () => {
  const stored = { refParameter: "", refKeys: ["note"], statuses: { packed: "earned", odd: "paid" }, paymentFees: ["Wallet", 7] };
  const read = readSettings(stored);
  expect(read.settings).toStrictEqual({
    refParameter: "ref",
    refKeys: ["note"],
    statuses: { packed: "earned", ...DEFAULT_STORE_SETTINGS.statuses },
    paymentFees: ["Wallet"],
  });
  expect(read.problems.map(({ path }) => path)).toStrictEqual(["ref_parameter", "statuses.odd", "payment_fees.1"]);
  expect(readSettings(null)).toStrictEqual({ settings: DEFAULT_STORE_SETTINGS, own: {}, problems: [] });
  const { storeId } = hub.company.stores.woocommerce;
  await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx`update stores set settings = ${stored as never} where store_id = ${storeId}`,
  );
  const health = await hub.app.request(`/api/stores/${storeId}/health`, {
    headers: { authorization: `Bearer ${hub.company.keys.read}` },
  });
  const { problems, problem_reasons } = (await health.json()) as { problems: string[]; problem_reasons: object[] };
  expect(problems).toContain(
    "The setting statuses.odd is left out: it means one of pending, earned, cancelled, failed, chargeback.",
  );
  const message = "means one of pending, earned, cancelled, failed, chargeback";
  expect(problem_reasons).toContainEqual({ kind: "setting-left-out", facts: { setting: "statuses.odd", message } });
});
