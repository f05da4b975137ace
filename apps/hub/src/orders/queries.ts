import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import type { Mapping } from "../catalogue/queries.ts";
import type { Tx } from "../db/connect.ts";
import { before, given, type Listed, listed, query } from "../db/query.ts";
import { distributors } from "../db/schema/network.ts";
import { type Order, type OrderRevision, orderRevisions, orders } from "../db/schema/orders.ts";
import { stores } from "../db/schema/stores.ts";
import type { OrderKey } from "./writes.ts";

/** Reads of orders and their revisions. Amounts are minor units; paging is by order number, newest first. */

const summary = {
  orderNo: orders.orderNo,
  storeId: orders.storeId,
  platform: orders.platform,
  platformOrderId: orders.platformOrderId,
  orderName: orders.orderName,
  revision: orders.revision,
  stage: orders.stage,
  platformStatus: orders.platformStatus,
  placedAt: orders.placedAt,
  currency: orders.currency,
  totalMinor: orders.totalMinor,
  netMinor: orders.netMinor,
  refundedNetMinor: orders.refundedNetMinor,
  distributorId: distributors.distributorId,
  unresolved: orders.unresolved,
  selfPurchase: orders.selfPurchase,
  referralCode: orders.referralCode,
  quarantinedLines: orders.quarantinedLines,
  recordedAt: orders.recordedAt,
  updatedAt: orders.updatedAt,
};

export interface OrderFilter {
  readonly storeId?: string | undefined;
  readonly platform?: Order["platform"] | undefined;
  readonly platformOrderId?: string | undefined;
  readonly stage?: Order["stage"] | undefined;
  readonly distributorId?: string | undefined;
  readonly unresolved?: boolean | undefined;
  readonly quarantined?: boolean | undefined;
  /** Changed at or after this time. */
  readonly since?: Date | undefined;
  /** A day of UTC. */
  readonly placedOn?: string | undefined;
}

function summaries(tx: Tx) {
  return query(tx)
    .select(summary)
    .from(orders)
    .leftJoin(
      distributors,
      and(eq(distributors.companyId, orders.companyId), eq(distributors.distributorNo, orders.distributorNo)),
    );
}

export type OrderSummary = Awaited<ReturnType<typeof summaries>>[number];

/** The page's numbers first, each filter by an index of its own, and only of those everything that is shown. */
export function listOrders(
  tx: Tx,
  args: OrderFilter & { companyId: number; before?: bigint | undefined; limit: number },
): Promise<OrderSummary[]> {
  const page = numbersOfPage(tx, args).as("page");
  return summaries(tx)
    .innerJoin(page, eq(page.orderNo, orders.orderNo))
    .where(eq(orders.companyId, args.companyId))
    .orderBy(desc(page.orderNo))
    .limit(args.limit);
}

function numbersOfPage(tx: Tx, args: OrderFilter & { companyId: number; before?: bigint | undefined; limit: number }) {
  const { companyId, storeId, platform, platformOrderId } = args;
  const matching = (ofStore: SQL | undefined) =>
    query(tx)
      .select({ orderNo: orders.orderNo })
      .from(orders)
      .where(and(eq(orders.companyId, companyId), ofStore, filtered(args), before(orders.orderNo, args.before)))
      .orderBy(desc(orders.orderNo))
      .limit(args.limit);
  if (storeId === undefined && platform === undefined && platformOrderId === undefined) return matching(undefined);
  // Whatever is said of the store is said by the few stores: each has its orders in one index by number, and in one by the platform's id.
  // Every order's number is above zero, which the index asks to hear.
  const ofStore = matching(and(eq(orders.storeId, stores.storeId), sql`${orders.orderNo} > 0`)).as("of_store");
  return query(tx)
    .select({ orderNo: ofStore.orderNo })
    .from(stores)
    .innerJoinLateral(ofStore, sql`true`)
    .where(and(eq(stores.companyId, companyId), given(stores.storeId, storeId), given(stores.platform, platform)))
    .orderBy(desc(ofStore.orderNo))
    .limit(args.limit);
}

function filtered(args: OrderFilter & { companyId: number }): SQL | undefined {
  const { companyId, distributorId, quarantined, since } = args;
  const owner = sql`(select distributor_no from distributors where company_id = ${companyId} and distributor_id = ${distributorId})`;
  return and(
    given(orders.platformOrderId, args.platformOrderId),
    given(orders.stage, args.stage),
    distributorId === undefined ? undefined : eq(orders.distributorNo, owner),
    given(orders.unresolved, args.unresolved),
    quarantined === undefined ? undefined : quarantined ? sql`${orders.quarantinedLines} > 0` : eq(orders.quarantinedLines, 0),
    since && gte(orders.updatedAt, since),
    args.placedOn === undefined ? undefined : ofDay(companyId, args.placedOn),
  );
}

/** Found first, by blocks: read from the newest order back, an old day would cost all that came since. */
function ofDay(companyId: number, day: string): SQL {
  return sql`${orders.orderNo} = any(array(
    select o.order_no from orders o
     where o.company_id = ${companyId} and o.placed_at >= ${`${day}T00:00:00Z`}::timestamptz
       and o.placed_at < ${`${day}T00:00:00Z`}::timestamptz + interval '24 hours'))`;
}

export async function findOrder(tx: Tx, args: { companyId: number; orderNo: bigint }): Promise<OrderSummary | null> {
  const [row] = await summaries(tx).where(and(eq(orders.companyId, args.companyId), eq(orders.orderNo, args.orderNo)));
  return row ?? null;
}

/** Locks one order of a store by the platform's id; a caller that has to wait reads its revisions afterwards. */
export async function lockOrder(
  tx: Tx,
  args: OrderKey & { companyId: number },
): Promise<Pick<Order, "orderNo" | "revision"> | null> {
  const [row] = await query(tx)
    .select({ orderNo: orders.orderNo, revision: orders.revision })
    .from(orders)
    .where(
      and(
        eq(orders.companyId, args.companyId),
        eq(orders.storeId, args.storeId),
        eq(orders.platformOrderId, args.platformOrderId),
      ),
    )
    .for("update");
  return row ?? null;
}

const shownRevision = {
  revision: orderRevisions.revision,
  cause: orderRevisions.cause,
  deliveryId: orderRevisions.deliveryId,
  recordedAt: orderRevisions.recordedAt,
  snapshot: orderRevisions.snapshot,
};
export type RevisionText = Listed<typeof shownRevision>;

/** The newest revisions of an order with their snapshots, the newest first, at most `limit`. */
export function readRevisions(
  tx: Tx,
  args: { companyId: number; orderNo: bigint; cause?: OrderRevision["cause"] | undefined; limit: number },
): Promise<RevisionText[]> {
  return query(tx)
    .select(shownRevision)
    .from(orderRevisions)
    .where(
      and(
        eq(orderRevisions.companyId, args.companyId),
        eq(orderRevisions.orderNo, args.orderNo),
        given(orderRevisions.cause, args.cause),
      ),
    )
    .orderBy(desc(orderRevisions.revision))
    .limit(args.limit);
}

export async function readRevision(
  tx: Tx,
  args: { companyId: number; orderNo: bigint; revision: number },
): Promise<RevisionText | null> {
  const [row] = await query(tx)
    .select(shownRevision)
    .from(orderRevisions)
    .where(
      and(
        eq(orderRevisions.companyId, args.companyId),
        eq(orderRevisions.orderNo, args.orderNo),
        eq(orderRevisions.revision, args.revision),
      ),
    );
  return row ?? null;
}

const mappable = { orderNo: orders.orderNo, storeId: orders.storeId, platformOrderId: orders.platformOrderId };

/** Orders with waiting lines that these mappings would cover as of the order's time, in the order of their numbers. */
export function findCoveredBy(
  tx: Tx,
  args: {
    companyId: number;
    mappings: readonly Pick<Mapping, "platform" | "platformSku" | "variantId" | "validFrom">[];
    limit: number;
  },
): Promise<Listed<typeof mappable>[]> {
  const { mappings } = args;
  return tx<Listed<typeof mappable>[]>`
    with m as materialized (
      select * from unnest(
        ${mappings.map(({ platform }) => platform)}::text[], ${mappings.map(({ platformSku }) => platformSku)}::text[],
        ${mappings.map(({ variantId }) => variantId)}::text[],
        ${mappings.map(({ validFrom }) => validFrom.toISOString())}::timestamptz[]) as m (platform, sku, variant_id, valid_from))
    select ${listed(tx, mappable)}
      from orders
      join (
        -- One question for each of the two: with an "or" every line would be held against every mapping of a file.
        select order_no, min(valid_from) as valid_from from (
          select q.order_no, m.valid_from from quarantine q join m on m.platform = q.platform and m.variant_id = q.variant_id
           where q.company_id = ${args.companyId}
          union all
          select q.order_no, m.valid_from from quarantine q join m on m.platform = q.platform and m.sku = q.sku
           where q.company_id = ${args.companyId} and q.sku <> '') matched
         group by order_no) covered on covered.order_no = orders.order_no and covered.valid_from <= orders.placed_at
     where orders.company_id = ${args.companyId}
     order by orders.order_no limit ${args.limit}`;
}

/** Orders with quarantined lines that the SKU map covers by now, by ascending number. */
export function findMappable(
  tx: Tx,
  args: { companyId: number; after: bigint; limit: number },
): Promise<Listed<typeof mappable>[]> {
  return tx<Listed<typeof mappable>[]>`
    select ${listed(tx, mappable)}
      from orders
     where orders.company_id = ${args.companyId} and orders.order_no > ${args.after}
       and exists (
         select from quarantine q join sku_map m on m.company_id = q.company_id and m.platform = q.platform
          where q.company_id = orders.company_id and q.order_no = orders.order_no and m.valid_from <= orders.placed_at
            and (m.variant_id = q.variant_id or (m.platform_sku = q.sku and q.sku <> '')))
     order by orders.order_no limit ${args.limit}`;
}
