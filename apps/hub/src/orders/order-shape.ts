import { z } from "@hono/zod-openapi";
import { commissionableLine, formatVolume, netOfLine, type OrderState, refundedNet } from "@upline/core";
import { amountText, currencyText, decimal, idText, time } from "../http/shapes.ts";
import { attribution, attributionAnswer } from "./attribution-shape.ts";
import type { EntrySum } from "./commission-queries.ts";
import { commission, commissionAnswer, describeEntries } from "./commission-shape.ts";
import type { PlanBook } from "./directory.ts";
import { currencyOf, lockedRate, missingRate } from "./exchange.ts";
import type { RevisionText } from "./queries.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";

/** An order as computed at one revision: what both the seed's call and the order's own page answer. */

const volumes = { pv: z.string().openapi({ example: "25" }), qv: z.string(), cv: z.string() };

export const orderLine = z
  .object({
    line_id: z.string(),
    kind: z.string(),
    platform_sku: z.string().nullable(),
    variant_id: z.string().nullable(),
    name: z.string(),
    qty: z.number(),
    gross: decimal,
    discount: decimal,
    included_tax: decimal,
    net: decimal.openapi({ description: "gross − discount − included tax: what commissions are computed on" }),
    refunded_net: decimal,
    quarantined: z.boolean().openapi({ description: "No SKU mapping covers it: it earns nothing until somebody maps it" }),
    mapping: z
      .object({ sku_id: z.string(), commission_class: z.string(), ...volumes })
      .nullable()
      .openapi({ description: "From the SKU map, with the line's volumes" }),
  })
  .openapi("OrderLine");

export const computedOrder = z
  .object({
    order_id: idText,
    store_id: z.string(),
    platform: z.string(),
    platform_order_id: z.string(),
    order_name: z.string(),
    order_ts: time,
    status: z.string().openapi({ example: "paid", description: "The platform's own word" }),
    stage: z
      .enum(["pending", "earned", "void"])
      .openapi({ description: "Whether its commissions count: not yet, yes, or no more" }),
    currency: currencyText,
    total: decimal,
    net: decimal,
    refunded_net: decimal,
    waits_for_rate: z.string().nullable().openapi({
      example: null,
      description: "The plan's currency, where no rate into it is known yet: the order earns nothing until it is",
    }),
    revision: z.int(),
    plan: z
      .object({ id: z.string(), version: z.int(), hash: z.string() })
      .nullable()
      .openapi({ description: "In force at order_ts" }),
    attribution,
    lines: z.array(orderLine),
    commissions: z.array(commission),
  })
  .openapi("ComputedOrder");
export type ComputedOrder = z.infer<typeof computedOrder>;

export interface RevisionParts {
  readonly orderNo: bigint;
  readonly storeId: string;
  readonly revision: Pick<RevisionText, "revision" | "snapshot">;
  /** Of the ledger, up to that revision. */
  readonly sums: readonly EntrySum[];
  readonly plans: PlanBook;
}

export function computedOrderAnswer(parts: RevisionParts): ComputedOrder {
  const snapshot = readSnapshot(parts.revision.snapshot);
  const { state, locked } = snapshot;
  const money = (minor: bigint) => amountText(minor, state.currency);
  const plan = locked.planHash === null ? null : parts.plans.planByHash(locked.planHash);
  const back = refundedNet(state);
  const total = (amounts: Iterable<bigint>) => [...amounts].reduce((sum, amount) => sum + amount, 0n);
  return {
    order_id: String(parts.orderNo),
    store_id: parts.storeId,
    platform: state.platform,
    platform_order_id: state.orderId,
    order_name: state.orderName,
    order_ts: new Date(state.placedAt).toISOString(),
    status: state.platformStatus,
    stage: state.stage.kind,
    currency: state.currency,
    total: money(state.totalMinor),
    net: money(total(state.lines.map(netOfLine))),
    refunded_net: money(total(back.values())),
    waits_for_rate: missingRate(locked),
    revision: parts.revision.revision,
    plan: plan === null || locked.planHash === null ? null : { id: plan.id, version: plan.version, hash: locked.planHash },
    attribution: attributionAnswer(locked),
    lines: state.lines.map((line) => lineAnswer(snapshot, line, back.get(line.lineId) ?? 0n)),
    commissions: commissionsOf(snapshot, parts),
  };
}

function lineAnswer({ state, locked }: Snapshot, line: OrderState["lines"][number], backMinor: bigint) {
  const money = (minor: bigint) => amountText(minor, state.currency);
  const mapping = locked.mappings[line.lineId];
  const waits = missingRate(locked) !== null;
  const mapped =
    mapping && !waits && commissionableLine({ line, mapping, currency: state.currency, exchange: lockedRate(locked) });
  return {
    line_id: line.lineId,
    kind: line.kind,
    platform_sku: line.sku,
    variant_id: line.variantId,
    name: line.name,
    qty: line.quantity,
    gross: money(line.grossMinor),
    discount: money(line.discountMinor),
    included_tax: money(line.includedTaxMinor),
    net: money(netOfLine(line)),
    refunded_net: money(backMinor),
    quarantined: line.kind === "product" && (mapping === undefined || waits),
    mapping:
      mapping && mapped
        ? {
            sku_id: mapping.skuId,
            commission_class: mapping.commissionClass,
            pv: formatVolume(mapped.pv),
            qv: formatVolume(mapped.qv),
            cv: formatVolume(mapped.cv),
          }
        : null,
  };
}

/** What the revision earns, in the plan's order; entries it no longer has are on the commissions' own page. */
function commissionsOf(snapshot: Snapshot, { orderNo, sums, plans }: RevisionParts) {
  const booked = new Map(sums.map((sum) => [sum.entryKey, sum]));
  const { state, locked } = snapshot;
  const currency = currencyOf(locked.planHash === null ? null : plans.planByHash(locked.planHash), state.currency);
  return [...describeEntries(snapshot, plans).values()].map((entry) =>
    commissionAnswer({
      orderNo,
      currency,
      entry,
      sum: booked.get(entry.entryKey) ?? null,
      current: true,
    }),
  );
}
