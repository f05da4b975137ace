import type { Tx } from "../db/connect.ts";
import type { Sums } from "../db/query.ts";
import type { Distributor } from "../db/schema/network.ts";
import type { VolumeEntry } from "../db/schema/periods.ts";
import { pendingVolumes } from "./book-volumes.ts";
import { Members } from "./members.ts";
import type { Period } from "./queries.ts";

/** Personal volume of some people in a period, in ten-thousandths: what is booked, and what a booking would add now. */
export async function personalVolumes(
  tx: Tx,
  { period, ...of }: { companyId: number; period: Period; distributorNos: readonly number[] },
): Promise<ReadonlyMap<number, bigint>> {
  return (await personalVolumesOf(tx, { ...of, periods: [period] })).get(period.periodNo) ?? new Map();
}

/** The same in several periods, by their numbers; what is to be booked is looked up once for all of them. */
export async function personalVolumesOf(
  tx: Tx,
  args: { companyId: number; periods: readonly Period[]; distributorNos: readonly number[] },
): Promise<ReadonlyMap<number, ReadonlyMap<number, bigint>>> {
  const { companyId, periods } = args;
  const some = args.distributorNos as number[];
  const volumes = new Map(periods.map(({ periodNo }) => [periodNo, new Map<number, bigint>()]));
  if (some.length === 0 || periods.length === 0) return volumes;
  const add = (periodNo: number | null, no: number | null, pv: bigint) => {
    const ofPeriod = periodNo === null ? undefined : volumes.get(periodNo);
    if (ofPeriod !== undefined && no !== null) ofPeriod.set(no, (ofPeriod.get(no) ?? 0n) + pv);
  };
  const rows = await tx<(Pick<VolumeEntry, "periodNo"> & Pick<Distributor, "distributorNo"> & Sums<"pv">)[]>`
    select period_no as "periodNo", distributor_no as "distributorNo", sum(pv)::bigint as pv from volume_entries
     where company_id = ${companyId} and period_no = any(${[...volumes.keys()]}::integer[]) and distributor_no = any(${some}::integer[])
     group by period_no, distributor_no`;
  for (const { periodNo, distributorNo, pv } of rows) add(periodNo, distributorNo, pv);
  const open = new Set(periods.filter(({ state }) => state === "open").map(({ periodNo }) => periodNo));
  if (open.size > 0)
    for (const { periodNo, distributorNo, pv } of await pendingVolumes(tx, { companyId, members: Members.some(some) }))
      if (periodNo !== null && open.has(periodNo)) add(periodNo, distributorNo, pv);
  // Nobody's own volume counts below zero.
  for (const ofPeriod of volumes.values()) for (const [no, pv] of ofPeriod) if (pv < 0n) ofPeriod.set(no, 0n);
  return volumes;
}
