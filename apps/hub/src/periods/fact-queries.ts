import type { Tx } from "../db/connect.ts";
import type { Packed } from "../db/query.ts";
import type { PeriodLock, VolumeEntry } from "../db/schema/periods.ts";
import { type Members, ofPiece, type Piece } from "./members.ts";

/** What measures ask besides a period's sums, as of a lock's marks; columns of many rows come packed (`db/packed.ts`). */

type FactColumns = "distributorNos" | "orderNos" | "backs" | "placedAts" | "subscriptions" | "firsts" | "buyers";

/**
 * Volume entries of one kind one by one. `backs` is 0 for the period that is closed and 1 for the one before, `placedAts` epoch
 * milliseconds, `orderNos` 0 for an admin's adjustment; `subscriptions` is 1 or 0, and -1 where an order was booked before the plan asked.
 */
export type FactPage = Pick<VolumeEntry, "commissionClass" | "market" | "selfPurchase"> &
  Packed<FactColumns | "pv" | "qv" | "cv" | "items">;

/** Everything that was booked for distributors of a range in some periods of a plan, the latest period first; until a moment where one is said. */
export async function factsOf(
  tx: Tx,
  args: { companyId: number; periodNos: readonly number[]; upto: bigint; piece: Piece; placedBefore?: Date | undefined },
): Promise<readonly FactPage[]> {
  const periodNos = args.periodNos as number[];
  const inTime = args.placedBefore === undefined ? tx`` : tx`and effective_at < ${args.placedBefore}`;
  return tx<FactPage[]>`
    select commission_class as "commissionClass", market, self_purchase as "selfPurchase",
           array_send(array_agg(distributor_no)) as "distributorNos", array_send(array_agg(coalesce(order_no, 0))) as "orderNos",
           array_send(array_agg(array_position(${periodNos}::integer[], period_no) - 1)) as backs,
           array_send(array_agg((extract(epoch from effective_at) * 1000)::float8)) as "placedAts",
           array_send(array_agg(case when order_no is null then 0 else coalesce(subscription::integer, -1) end)) as subscriptions,
           array_send(array_agg(coalesce(first_order::integer, 0))) as firsts, array_send(array_agg(coalesce(buyer, ''))) as buyers,
           array_send(array_agg(pv)) as pv, array_send(array_agg(qv)) as qv, array_send(array_agg(cv)) as cv,
           array_send(array_agg(coalesce(items, 0))) as items
      from volume_entries
     where company_id = ${args.companyId} and ${ofPiece(tx, args.piece)}
       and period_no = any(${periodNos}::integer[]) and entry_no <= ${args.upto} ${inTime}
     group by commission_class, market, self_purchase`;
}

/** When distributors of a range enrolled, epoch milliseconds. */
export async function enrolmentsOf(
  tx: Tx,
  args: { companyId: number; piece: Piece },
): Promise<Packed<"distributorNos" | "enrolledAts"> | null> {
  const [page] = await tx<Packed<"distributorNos" | "enrolledAts">[]>`
    select array_send(array_agg(distributor_no)) as "distributorNos",
           array_send(array_agg((extract(epoch from enrolled_at) * 1000)::float8)) as "enrolledAts"
      from distributors
     where company_id = ${args.companyId} and ${ofPiece(tx, args.piece)}
    having count(*) > 0`;
  return page ?? null;
}

/** Where distributors of a range live now; "" is nowhere known. */
export async function countriesOf(
  tx: Tx,
  args: { companyId: number; piece: Piece },
): Promise<Packed<"distributorNos" | "countries"> | null> {
  const [page] = await tx<Packed<"distributorNos" | "countries">[]>`
    select array_send(array_agg(distributor_no)) as "distributorNos", array_send(array_agg(coalesce(country, ''))) as countries
      from distributors
     where company_id = ${args.companyId} and ${ofPiece(tx, args.piece)}
    having count(*) > 0`;
  return page ?? null;
}

/** Writes down with a lock where everyone up to a number lives now. */
export async function lockCountries(
  tx: Tx,
  args: Pick<PeriodLock, "companyId" | "lockNo" | "distributors"> & { pageSize: number },
): Promise<void> {
  await tx`
    insert into locked_country_pages (company_id, lock_no, page, distributor_no, country)
    select ${args.companyId}, ${args.lockNo}, distributor_no / ${args.pageSize}::integer, array_agg(distributor_no), array_agg(coalesce(country, ''))
      from distributors where company_id = ${args.companyId} and distributor_no <= ${args.distributors} group by 3`;
}

/** The same countries as with another lock: a refund changes no more than money. */
export async function lockCountriesOf(
  tx: Tx,
  args: Pick<PeriodLock, "companyId" | "lockNo"> & { earlier: bigint },
): Promise<void> {
  await tx`
    insert into locked_country_pages (company_id, lock_no, page, distributor_no, country)
    select company_id, ${args.lockNo}, page, distributor_no, country from locked_country_pages
     where company_id = ${args.companyId} and lock_no = ${args.earlier}`;
}

const PAGES = 50;

export function lockedCountriesOf(
  tx: Tx,
  args: Pick<PeriodLock, "companyId" | "lockNo"> & { members: Members },
): AsyncIterable<Packed<"distributorNos" | "countries">[]> {
  return tx<Packed<"distributorNos" | "countries">[]>`
    select array_send(distributor_no) as "distributorNos", array_send(country) as countries
      from locked_country_pages where company_id = ${args.companyId} and lock_no = ${args.lockNo}
       ${args.members.inPages(tx)}`.cursor(PAGES);
}
