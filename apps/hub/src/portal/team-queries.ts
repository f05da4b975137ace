import type { Tx } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import type { Distributor } from "../db/schema/network.ts";
import type { Order } from "../db/schema/orders.ts";
import type { Network } from "../network/network.ts";

/** What a team did lately: of whoever stands below somebody now. */

/** Whether somebody stands below another now, in the tree of sponsors. */
export function isBelow(network: Network, no: number, above: number, at: number): boolean {
  return network.uplineAt(no, at).includes(above);
}

export type Sold = Pick<Distributor, "distributorNo"> & Counts<"orders"> & Record<"lastAt", Order["placedAt"]>;

/** Who sold since a moment, and how often: of the whole company, by blocks of what changed since. */
export function soldSince(tx: Tx, { companyId, since }: { companyId: number; since: Date }): Promise<Sold[]> {
  return tx<Sold[]>`
    select distributor_no as "distributorNo", count(*)::int as orders, max(placed_at) as "lastAt"
      from orders
     where company_id = ${companyId} and distributor_no is not null and stage <> 'void' and updated_at >= ${since} and placed_at >= ${since}
     group by distributor_no`;
}

/** When each of some people sold for the last time; whoever never did is left out. */
export function lastSold(tx: Tx, args: { companyId: number; distributorNos: readonly number[] }): Promise<Sold[]> {
  return tx<Sold[]>`
    select distributor_no as "distributorNo", count(*)::int as orders, max(placed_at) as "lastAt"
      from orders
     where company_id = ${args.companyId} and distributor_no = any(${args.distributorNos as number[]}::integer[]) and stage <> 'void'
     group by distributor_no`;
}

/** Who was enrolled since a moment and stands below somebody, the newest first. */
export function joinedSince(network: Network, { no, since, now }: { no: number; since: number; now: number }): number[] {
  const joined: number[] = [];
  for (let each = 1; each <= network.size; each++) {
    const at = network.enrolledAtOf(each);
    if (at >= since && at <= now && each !== no && isBelow(network, each, no, now)) joined.push(each);
  }
  return joined.sort((a, b) => network.enrolledAtOf(b) - network.enrolledAtOf(a) || b - a);
}

const MOST_FOUND = 500;

/** Whoever of the company has such a name or id, ids that are exactly so first. */
export async function findBelow(tx: Tx, { companyId, text }: { companyId: number; text: string }): Promise<number[]> {
  const part = `%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  const rows = await tx<Pick<Distributor, "distributorNo">[]>`
    select distributor_no as "distributorNo" from distributors
     where company_id = ${companyId} and lower(name || ' ' || distributor_id) like ${part}
     order by lower(distributor_id) = ${text.toLowerCase()} desc, distributor_no limit ${MOST_FOUND}`;
  return rows.map(({ distributorNo }) => distributorNo);
}
