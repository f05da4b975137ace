import type { Tx } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import type { Order } from "../db/schema/orders.ts";
import type { ReferralClicks } from "../db/schema/referrals.ts";

/** What somebody's links brought within a span: people who came, and orders that came by a code. Days of clicks are UTC. */
export async function countLinks(
  tx: Tx,
  args: { companyId: number; distributorNo: number; startsAt: Date; endsAt: Date },
): Promise<Counts<"visitors" | "clicks" | "orders">> {
  const { companyId, distributorNo, startsAt, endsAt } = args;
  const [row] = await tx<Counts<"visitors" | "clicks" | "orders">[]>`
    select coalesce(sum(visitors), 0)::int as visitors, coalesce(sum(clicks), 0)::int as clicks,
           (select count(*)::int from orders
             where company_id = ${companyId} and distributor_no = ${distributorNo} and referral_code is not null and stage <> 'void'
               and placed_at >= ${startsAt} and placed_at < ${endsAt}) as orders
      from referral_clicks
     where company_id = ${companyId} and distributor_no = ${distributorNo}
       and day >= (${startsAt}::timestamptz at time zone 'UTC')::date and day < (${endsAt}::timestamptz at time zone 'UTC')::date`;
  return row ?? { visitors: 0, clicks: 0, orders: 0 };
}

export type LinkCount = Pick<ReferralClicks, "foldedCode" | "linkNo"> & Counts<"visitors" | "clicks">;

/** The same by code and link; link 0 is the code itself. */
export function countByLink(
  tx: Tx,
  args: { companyId: number; distributorNo: number; startsAt: Date; endsAt: Date },
): Promise<LinkCount[]> {
  const { companyId, distributorNo, startsAt, endsAt } = args;
  return tx<LinkCount[]>`
    select folded_code as "foldedCode", link_no as "linkNo", sum(visitors)::int as visitors, sum(clicks)::int as clicks
      from referral_clicks
     where company_id = ${companyId} and distributor_no = ${distributorNo}
       and day >= (${startsAt}::timestamptz at time zone 'UTC')::date and day < (${endsAt}::timestamptz at time zone 'UTC')::date
     group by folded_code, link_no`;
}

/** Orders that came by each code in a span. */
export function ordersByCode(
  tx: Tx,
  args: { companyId: number; distributorNo: number; startsAt: Date; endsAt: Date },
): Promise<(Pick<Order, "referralCode"> & Counts<"orders">)[]> {
  const { companyId, distributorNo, startsAt, endsAt } = args;
  return tx<(Pick<Order, "referralCode"> & Counts<"orders">)[]>`
    select referral_code as "referralCode", count(*)::int as orders from orders
     where company_id = ${companyId} and distributor_no = ${distributorNo} and referral_code is not null and stage <> 'void'
       and placed_at >= ${startsAt} and placed_at < ${endsAt}
     group by referral_code`;
}
