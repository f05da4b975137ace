import { formatVolume } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import { downlineOf } from "../network/downlines.ts";
import type { EffectsOf } from "../network/move-routes.ts";
import type { VolumesOf } from "../network/placing-routes.ts";
import { personalVolumes } from "./personal-volumes.ts";
import { listPeriods, type Period } from "./queries.ts";

/** The orders and volumes of more people than this are not added up for a look. */
const MOST_ADDED_UP = 20_000;

/**
 * What the move of somebody from `at` on changes, and what it leaves alone: orders keep the upline they were decided by, and a
 * close counts who stands where just before its period ends. Of too many people nothing is added up.
 */
export const effectsOfMoves: EffectsOf = async (tx, { companyId, network, no, at }) => {
  const { members } = await downlineOf(network, { no, at: at.getTime(), depth: Number.POSITIVE_INFINITY });
  const open = (await listPeriods(tx, companyId)).filter(({ state, endsAt }) => state === "open" && endsAt > at);
  if (members.length > MOST_ADDED_UP)
    return { below: members.length, ordersKept: null, periods: open.map((period) => periodAnswer(period, null)) };
  const distributorNos = [no, ...members];
  const sums = [];
  for (const period of open) {
    const volumes = await personalVolumes(tx, { companyId, period, distributorNos });
    const sum = [...volumes.values()].reduce((all, pv) => all + pv, 0n);
    sums.push(periodAnswer(period, formatVolume(sum)));
  }
  return { below: members.length, ordersKept: await countOrders(tx, { companyId, distributorNos, at }), periods: sums };
};

/** What some people have in each open period that ends after a moment. */
export const volumesOfPeople: VolumesOf = async (tx, { companyId, distributorNos, at }) => {
  const open = (await listPeriods(tx, companyId)).filter(({ state, endsAt }) => state === "open" && endsAt > at);
  const sums = [];
  for (const period of open) {
    const volumes = await personalVolumes(tx, { companyId, period, distributorNos });
    sums.push({ ...periodAnswer(period, null), pv: formatVolume([...volumes.values()].reduce((all, pv) => all + pv, 0n)) });
  }
  return sums;
};

const periodAnswer = ({ periodNo, name, endsAt }: Period, pv: string | null) => ({ id: String(periodNo), name, endsAt, pv });

async function countOrders(tx: Tx, args: { companyId: number; distributorNos: number[]; at: Date }): Promise<number> {
  const [row] = await tx<Counts<"orders">[]>`
    select count(*)::int as orders from orders
     where company_id = ${args.companyId} and distributor_no = any(${args.distributorNos}::integer[]) and placed_at >= ${args.at}
       and stage <> 'void'`;
  return row?.orders ?? 0;
}
