import type { Tx } from "../db/connect.ts";
import type { Sums } from "../db/query.ts";
import type { Distributor } from "../db/schema/network.ts";
import { pendingVolumes } from "./book-volumes.ts";
import { Members } from "./members.ts";
import type { Period } from "./queries.ts";

/** Personal volume of some people in a period, in ten-thousandths: what is booked, and what a booking would add now. */
export async function personalVolumes(
  tx: Tx,
  args: { companyId: number; period: Period; distributorNos: readonly number[] },
): Promise<Map<number, bigint>> {
  const { companyId, period, distributorNos } = args;
  if (distributorNos.length === 0) return new Map();
  const rows = await tx<(Pick<Distributor, "distributorNo"> & Sums<"pv">)[]>`
    select distributor_no as "distributorNo", sum(pv)::bigint as pv from volume_entries
     where company_id = ${companyId} and period_no = ${period.periodNo} and distributor_no = any(${distributorNos as number[]}::integer[])
     group by distributor_no`;
  const volumes = new Map(rows.map(({ distributorNo, pv }) => [distributorNo, pv]));
  if (period.state === "open")
    for (const { periodNo, distributorNo, pv } of await pendingVolumes(tx, { companyId, members: Members.some(distributorNos) }))
      if (periodNo === period.periodNo && distributorNo !== null)
        volumes.set(distributorNo, (volumes.get(distributorNo) ?? 0n) + pv);
  // Nobody's own volume counts below zero.
  return new Map([...volumes].map(([no, pv]) => [no, pv > 0n ? pv : 0n]));
}
