import { distributorIdOf } from "../../demo/large/network.ts";
import { skuOf } from "../../demo/large/order-lives.ts";
import type { Samples, Values } from "./questions.ts";

/** Values for the filters, taken from the company that `pnpm demo --large` made. */

export type Ask = (address: string) => Promise<unknown>;

type Page = { readonly items: readonly Record<string, unknown>[] };

const found = (...some: readonly string[]): Values => ({ some, none: [] });
const either = (some: readonly string[], ...none: readonly string[]): Values => ({ some, none });

export async function readSamples(ask: Ask): Promise<Samples> {
  const first = async (address: string, field: string): Promise<string> => {
    const [item] = ((await ask(address)) as Page).items;
    if (item === undefined) throw new Error(`${address} is empty: is this a folder of \`pnpm demo --large\`?`);
    return String(item[field]);
  };
  const [commission] = ((await ask("/api/commissions?limit=1")) as Page).items;
  const { runs } = (await ask("/api/periods/1")) as { runs: readonly { run_id: string; kind: string }[] };
  const run = runs.find(({ kind }) => kind === "committed")?.run_id ?? "1";
  return {
    ...ofOrders({
      store: await first("/api/stores", "store_id"),
      newestOrder: await first("/api/orders?limit=1", "order_id"),
      newestDelivery: await first("/api/deliveries?limit=1", "delivery_id"),
      changed: await first("/api/orders?limit=1", "updated_at"),
      commission: { order: String(commission?.order_id), entry: String(commission?.entry) },
    }),
    ...ofPeople(),
    enrolment_id: either(["1"], "999999999"),
    question_id: either(["1"], "999999999"),
    material_id: either(["1"], "999999999"),
    plan_hash: either([await first("/api/plans", "plan_hash")], "0".repeat(64)),
    period_id: either(["1", "3"], "999999"),
    "/api/periods/{period_id}/results run_id": either([run], "999999999"),
    "/api/periods/{period_id}/changes run_id": either([run], "999999999"),
    sku_id: either(["SKU1000"], "SKU0"),
    "/api/ledger/days from": found("2025-09-01"),
    "/api/ledger/days to": found("2026-08-31"),
    ...Object.fromEntries(
      ["stores/{store_id}", "distributors/{distributor_id}"].flatMap((of) => [
        [`/api/ledger/days/${of} from`, found("2025-09-01")],
        [`/api/ledger/days/${of} to`, found("2026-08-31")],
      ]),
    ),
    from_currency: either(["EUR"], "XAF"),
    to_currency: either(["USD"], "XAF"),
    platform_sku: either([skuOf("shopify", 7)], "nothing"),
    variant_id: either([], "1"),
    act: either(["distributor.import"], "nothing.done"),
    actor: either(["demo"], "person:nobody"),
    subject: either(["distributors"], "nothing"),
    until: either(["2999-01-01"], "1990-01-01"),
    limit: found("500"),
    "/api/distributors/{distributor_id}/periods limit": found("6", "24"),
    "/api/distributors/{distributor_id}/periods before": found("2026-03-01T00:00:00Z"),
    "/api/frontline limit": found("5", "200"),
    "/api/frontline before": found("0~400000"),
    "/api/distributors/{distributor_id}/earnings limit": found("200"),
    "/api/distributors/{distributor_id}/earnings before": found("900000~1"),
    before: found("2"),
    after: found("m"),
    "/api/quarantine before": found("100"),
    "/api/referrals/clicks before": found("2026-08-01~0~m"),
    "/api/commissions before": found("2~a"),
    "/api/distributors/{distributor_id}/downline before": found("3~900000"),
  };
}

function ofOrders(of: {
  store: string;
  newestOrder: string;
  newestDelivery: string;
  changed: string;
  commission: { order: string; entry: string };
}): Samples {
  return {
    store: either([of.store], "st_nosuchstore"),
    store_id: either([of.store], "st_nosuchstore"),
    order_id: either([of.commission.order, of.newestOrder, "1"], "999999999999"),
    entry: either([of.commission.entry], "nothing:1:1:1"),
    delivery_id: either([of.newestDelivery, "1"], "999999999999"),
    platform_order_id: either(["100005"], "99"),
    since: either(["2018-01-01", of.changed], "2999-01-01"),
    placed_on: either(["2026-05-05"], "1990-01-01"),
  };
}

/** Somebody in the middle, and the one at the top, below whom are all the others. */
function ofPeople(): Samples {
  const somebody = [distributorIdOf(400_000), distributorIdOf(1)];
  return {
    distributor_id: either(somebody, "nobody"),
    distributor: either(somebody, "nobody"),
    sponsor_id: either(somebody, "nobody"),
    from: either(somebody, "nobody"),
    q: either(["SHOP400", "1001", "D4000"], "zzqqxx"),
    "/api/referrals/clicks from": either(["2026-07-01", "2020-01-01"], "2999-01-01"),
    "/api/referrals/clicks to": either(["2026-07-01", "2999-01-01"], "1990-01-01"),
    code: either(["SHOP400000"], "nothing"),
    country: either(["DE"], "ZZ"),
    rank: either(["bronze", "diamond"], "emperor"),
    at: either(["2026-07-01", "2020-01-01"], "1990-01-01"),
    days: found("7", "30"),
    depth: found("1", "3", "50"),
    tree: either(["binary"], "nosuchtree"),
    span: either(["2026-06"], "nosuchspan"),
    bonus: either(["levels"], "nosuchbonus"),
    leg: found("0", "1"),
    parent_id: either(somebody, "nobody"),
  };
}
