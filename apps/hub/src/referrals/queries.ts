import { and, desc, eq, gt, gte, isNotNull, isNull, lt, lte, or, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { given, query } from "../db/query.ts";
import { distributors } from "../db/schema/network.ts";
import { orders } from "../db/schema/orders.ts";
import { type ReferralLink, referralClicks, referralLinks } from "../db/schema/referrals.ts";

interface PageOf {
  readonly companyId: number;
  readonly distributorNo: number | undefined;
  readonly limit: number;
  readonly before: bigint | undefined;
}

/** Links that were not taken back, the newest first. */
export function listLinks(tx: Tx, { companyId, distributorNo, limit, before }: PageOf) {
  const { linkNo, name, code, storeId, path, tags, expiresAt, createdAt } = referralLinks;
  return query(tx)
    .select({ linkNo, name, code, storeId, path, tags, expiresAt, createdAt, distributorId: distributors.distributorId })
    .from(referralLinks)
    .innerJoin(
      distributors,
      and(eq(distributors.companyId, referralLinks.companyId), eq(distributors.distributorNo, referralLinks.distributorNo)),
    )
    .where(
      and(
        eq(referralLinks.companyId, companyId),
        isNull(referralLinks.revokedAt),
        given(referralLinks.distributorNo, distributorNo),
        before === undefined ? undefined : lt(linkNo, before),
      ),
    )
    .orderBy(desc(linkNo))
    .limit(limit);
}
export type LinkView = Awaited<ReturnType<typeof listLinks>>[number];

export async function insertLink(tx: Tx, link: typeof referralLinks.$inferInsert): Promise<bigint> {
  const [row] = await query(tx).insert(referralLinks).values(link).returning({ linkNo: referralLinks.linkNo });
  if (!row) throw new Error("the new link has no number");
  return row.linkNo;
}

export async function revokeLink(
  tx: Tx,
  args: Pick<ReferralLink, "companyId" | "linkNo"> & { distributorNo: number | undefined },
): Promise<boolean> {
  const revoked = await query(tx)
    .update(referralLinks)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(referralLinks.companyId, args.companyId),
        eq(referralLinks.linkNo, args.linkNo),
        isNull(referralLinks.revokedAt),
        given(referralLinks.distributorNo, args.distributorNo),
      ),
    )
    .returning({ linkNo: referralLinks.linkNo });
  return revoked.length > 0;
}

/** Where a page of clicks ended. */
export interface ClicksAt {
  readonly day: string;
  readonly linkNo: bigint;
  readonly foldedCode: string;
}

/** Clicks by day, the newest day first; of one distributor, or of all by code and link. */
export function listClicks(
  tx: Tx,
  args: {
    companyId: number;
    distributorNo: number | undefined;
    from: string;
    to: string;
    limit: number;
    behind: ClicksAt | null;
  },
) {
  const { day, foldedCode, linkNo, clicks, visitors, bots } = referralClicks;
  const { behind } = args;
  return query(tx)
    .select({ day, foldedCode, linkNo, clicks, visitors, bots })
    .from(referralClicks)
    .where(
      and(
        eq(referralClicks.companyId, args.companyId),
        given(referralClicks.distributorNo, args.distributorNo),
        gte(day, args.from),
        lte(day, args.to),
        ...(behind === null
          ? []
          : [
              lte(day, behind.day),
              or(
                lt(day, behind.day),
                gt(foldedCode, behind.foldedCode),
                and(eq(foldedCode, behind.foldedCode), gt(linkNo, behind.linkNo)),
              ),
            ]),
      ),
    )
    .orderBy(desc(day), foldedCode, linkNo)
    .limit(args.limit);
}

/** Orders that came by a code, the newest first: what clicks became. */
export function listConversions(tx: Tx, { companyId, distributorNo, limit, before }: PageOf) {
  const { orderNo, orderName, storeId, placedAt, referralCode, stage, currency, netMinor, refundedNetMinor } = orders;
  return query(tx)
    .select({ orderNo, orderName, storeId, placedAt, referralCode, stage, currency, netMinor, refundedNetMinor })
    .from(orders)
    .where(
      and(
        eq(orders.companyId, companyId),
        given(orders.distributorNo, distributorNo),
        isNotNull(orders.distributorNo),
        isNotNull(referralCode),
        before === undefined ? undefined : lt(orderNo, before),
      ),
    )
    .orderBy(desc(orderNo))
    .limit(limit);
}
