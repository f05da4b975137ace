import type { OrderState, Plan } from "@upline/core";
import { importSkus } from "../catalogue/import.ts";
import { createCompany } from "../companies/create.ts";
import { asCompany } from "../db/connect.ts";
import { importDistributors } from "../network/import.ts";
import type { OrderParts } from "../orders/pipeline.ts";
import { processWork } from "../orders/process.ts";
import type { HubParts } from "../parts.ts";
import { closePeriod, commitClose, type PeriodRun } from "../periods/close.ts";
import { openPeriod } from "../periods/open.ts";
import type { Period } from "../periods/queries.ts";
import { publishPlan } from "../plans/publish.ts";
import { addStore } from "../stores/add.ts";

/** A company for tests of the close: a small network, one product whose volumes are its net, and orders made by hand. */

/**
 * Level pay at order time, a stair-step by rank at the close. Bronze needs 100 PV, silver 500 GV besides,
 * gold 700: so that every figure can be worked out on paper.
 */
export function testPlan(overrides: Partial<Plan> = {}): Plan {
  return {
    format: "upline-plan/1",
    id: "stairs",
    name: "Stairs",
    version: 1,
    timeZone: "UTC",
    rounding: "half-up",
    ownPurchase: "pays-upline",
    cvRates: { "*": "1" },
    active: { statuses: ["active"], minimumPv: "100", beforeFirstClose: "active" },
    ranks: [
      { id: "bronze", name: "Bronze", requires: { pv: "100" } },
      { id: "silver", name: "Silver", requires: { pv: "100", gv: { volume: "500" } } },
      { id: "gold", name: "Gold", requires: { pv: "100", gv: { volume: "700" } } },
    ],
    commissionClasses: [{ id: "products", name: "Products" }],
    bonuses: [
      {
        id: "levels",
        kind: "unilevel",
        snapshot: "order",
        base: "cv",
        rates: { "*": ["0.10", "0.05"] },
        levelOne: "sponsor",
        compression: "none",
        unqualifiedSource: "pay-in-place",
        unqualifiedEarner: "company",
      },
      STAIRS,
    ],
    ...overrides,
  };
}

export const STAIRS: Plan["bonuses"][number] = {
  id: "stairs",
  kind: "differential",
  snapshot: "close",
  base: "cv",
  percentage: { by: "rank", rates: { bronze: "0.05", silver: "0.10", gold: "0.15" } },
  stopsAtBreakaway: false,
  includesSource: true,
};

/** Id, sponsor, status, country and day of enrolment. */
export type TestPerson = readonly [string, string | null, string?, string?, string?];

/** A1 at the top; A2 to A5 one below the other; B1 and B2 beside them. A4 is suspended. */
const NETWORK: readonly TestPerson[] = [
  ["A1", null],
  ["A2", "A1"],
  ["A3", "A2"],
  ["A4", "A3", "suspended"],
  ["A5", "A4"],
  ["B1", "A1"],
  ["B2", "B1"],
];

export interface PeriodCompany {
  readonly companyId: number;
  readonly slug: string;
  readonly storeId: string;
}

let companies = 0;

export async function setUpPeriodCompany(
  hub: HubParts,
  options: { plan?: Plan; reversed?: boolean; network?: readonly TestPerson[] } = {},
): Promise<PeriodCompany> {
  const slug = `period-${++companies}`;
  const actor = "test";
  const { companyId } = await createCompany(hub, { slug, name: slug });
  await publishPlan(hub, {
    companyId,
    document: options.plan ?? testPlan(),
    effectiveFrom: new Date("2026-01-01T00:00:00Z"),
    actor,
  });
  const people = options.network ?? NETWORK;
  const listed = options.reversed ? [...people].reverse() : people;
  const rows = listed.map(([distributorId, sponsorId, status = "active", country, enrolled = "2026-01-01"], index) => {
    return { line: index + 2, distributorId, sponsorId, status, country, enrolledAt: `${enrolled}T00:00:00Z` };
  });
  refuse((await importDistributors(hub, { companyId, rows, actor })).errors);
  const volumes = { pv: "100%", qv: "100%", cv: "100%" };
  const sku = {
    line: 2,
    skuId: "TEA",
    platform: "woocommerce",
    platformSku: "TEA",
    name: "Tea",
    commissionClass: "products",
    ...volumes,
  };
  refuse((await importSkus(hub, { companyId, rows: [sku], actor })).errors);
  const domain = `${slug}.example.com`;
  const { storeId } = await addStore(hub, {
    companyId,
    platform: "woocommerce",
    domain,
    secret: "s",
    publicUrl: "http://hub.test",
  });
  return { companyId, slug, storeId };
}

function refuse(errors: readonly unknown[]): void {
  if (errors.length > 0) throw new Error(`the company cannot be set up: ${JSON.stringify(errors)}`);
}

export interface TestOrder {
  readonly id: string;
  /** Day, or a whole instant. */
  readonly at: string;
  readonly by: string;
  /** Minor units of the currency. */
  readonly minor: number;
  /** USD where absent. */
  readonly currency?: string;
  /** Net given back so far. */
  readonly refunded?: number;
  /** When the shop changed it last. */
  readonly changed?: string;
  readonly void?: boolean;
  /** Whom the shop's people named; null: nobody. */
  readonly byShop?: string | null;
  /** Every mark by which the buyer is known; absent: nobody knows them. */
  readonly buyer?: NonNullable<OrderState["buyerIdentities"]>;
  readonly subscription?: true;
  /** TEA where absent, which is the one that is mapped. */
  readonly sku?: string;
  /** Pieces; 1 where absent. */
  readonly pieces?: number;
  /** Taken off the shop's price; `minor` is what is left. */
  readonly discount?: number;
}

/** Sends orders through the pipeline, as deliveries would. */
export async function sendOrders(hub: OrderParts, company: PeriodCompany, orders: readonly TestOrder[]): Promise<void> {
  await hub.pipeline.directories.ready(company.companyId);
  await asCompany(hub.db, company.companyId, (tx) =>
    processWork(hub.pipeline, tx, {
      companyId: company.companyId,
      works: orders.map((order) => ({
        storeId: company.storeId,
        platformOrderId: order.id,
        reads: [],
        cause: "api" as const,
        states: [stateOf(order)],
      })),
    }),
  );
}

function stateOf(order: TestOrder): OrderState {
  const placedAt = order.at.length === 10 ? `${order.at}T12:00:00Z` : order.at;
  const at = order.changed === undefined ? placedAt : `${order.changed}T12:00:00Z`;
  const refunded = BigInt(order.refunded ?? 0);
  return {
    platform: "woocommerce",
    orderId: order.id,
    orderName: order.id,
    revision: { at, tie: "" },
    placedAt,
    stage: order.void ? { kind: "void", reason: "cancelled" } : { kind: "earned" },
    platformStatus: "completed",
    currency: order.currency ?? "USD",
    totalMinor: BigInt(order.minor),
    lines: [
      {
        lineId: "1",
        kind: "product",
        variantId: null,
        productId: null,
        sku: order.sku ?? "TEA",
        name: "Tea",
        quantity: order.pieces ?? 1,
        grossMinor: BigInt(order.minor + (order.discount ?? 0)),
        discountMinor: BigInt(order.discount ?? 0),
        includedTaxMinor: 0n,
      },
    ],
    refunds:
      refunded === 0n
        ? []
        : [
            {
              refundId: `r-${order.refunded}`,
              at,
              amountMinor: refunded,
              lines: [{ lineId: "1", netMinor: refunded }],
              proratedMinor: 0n,
              detail: "full",
            },
          ],
    buyer: null,
    ...(order.buyer === undefined ? {} : { buyerIdentities: order.buyer }),
    ...(order.subscription === undefined ? {} : { subscription: order.subscription }),
    evidence: [
      { source: "cart-attribute", code: order.by, where: "test" },
      ...(order.byShop == null ? [] : [{ source: "manual" as const, code: order.byShop, where: "shop" }]),
    ],
    ...(order.byShop === null ? { nobody: "shop" as const } : {}),
  };
}

/** June: five orders of the line on the left. Their stair-step is worked out in `close.test.ts`. */
export const JUNE: readonly TestOrder[] = [
  { id: "j1", at: "2026-06-03", by: "A5", minor: 333_33 },
  { id: "j2", at: "2026-06-04", by: "A3", minor: 200_00 },
  { id: "j3", at: "2026-06-10", by: "A2", minor: 250_00 },
  { id: "j4", at: "2026-06-30T23:59:59.999Z", by: "A1", minor: 100_00 },
  { id: "j5", at: "2026-06-20", by: "B1", minor: 120_50 },
];

export function openMonth(hub: HubParts, company: PeriodCompany, month: string): Promise<Period> {
  return openPeriod(hub, { companyId: company.companyId, month, currency: "USD", actor: "ann" });
}

/** Proposed by ann, committed by bob. */
export async function closeMonth(
  hub: HubParts,
  company: PeriodCompany,
  period: Period,
): Promise<PeriodRun & { transfers: number }> {
  const of = { companyId: company.companyId, periodNo: period.periodNo };
  await closePeriod(hub, { ...of, actor: "ann", person: "ann" });
  return commitClose(hub, { ...of, actor: "bob", person: "bob" });
}

/** What everyone holds from closes, by bonus and distributor, minor units; nothing that stands at zero. */
export async function closeLedger(hub: HubParts, company: PeriodCompany): Promise<Record<string, number>> {
  const rows = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx<{ key: string; amount: number }[]>`
      select split_part(entry_key, ':', 1) || ' ' || coalesce(distributor_id, '-') as key, sum(amount_minor)::float8 as amount
        from ledger where source_kind = 2 group by 1 having sum(amount_minor) <> 0 order by 1`,
  );
  return Object.fromEntries(rows.map((row) => [row.key, row.amount]));
}

export async function countRows(hub: HubParts, company: PeriodCompany, table: string): Promise<number> {
  const [row] = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx<{ n: number }[]>`select count(*)::int as n from ${tx(table)}`,
  );
  return row?.n ?? 0;
}
