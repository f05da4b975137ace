import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import { readKnown } from "../network/import-queries.ts";
import type { HubParts } from "../parts.ts";
import { planInForce } from "../plans/publish.ts";
import { insertDirective } from "./directive-queries.ts";
import { ANY_MARKET } from "./order-volumes.ts";
import { listPeriods } from "./queries.ts";
import { insertVolumes } from "./volume-queries.ts";

/** An admin's exceptions to what a close finds by itself. Each has a reason, an end or a period, and a line in the audit log. */

export interface RankDirectiveRequest {
  readonly companyId: number;
  readonly actor: string;
  readonly distributorId: string;
  /** `override` sets the rank, `constraint` keeps it from rising above. */
  readonly kind: "override" | "constraint";
  /** Rank id of the plan in force; null is no rank. */
  readonly rank: string | null;
  readonly from: Date;
  /** The last moment at which a period's end may fall for it to count. */
  readonly until: Date;
  readonly reason: string;
}

/** Decides a rank; the newest decision of its kind counts, so that one which has ended already lifts an earlier one. */
export async function directRank(parts: Pick<HubParts, "db">, args: RankDirectiveRequest): Promise<void> {
  const { companyId, actor, distributorId, kind, rank, from, until, reason } = args;
  if (reason.trim() === "") throw refused("reason", "Say why: the reason is shown with every explanation of the rank.");
  await asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const known = (await readKnown(tx, { companyId, distributorIds: [distributorId], at: from })).get(distributorId);
    if (!known) throw refused("distributor", `There is no distributor "${distributorId}".`);
    const plan = await planInForce(tx, { companyId, at: from });
    const ranks = plan?.ranks.map((rank) => rank.id) ?? [];
    if (rank !== null && !ranks.includes(rank))
      throw refused("rank", `The plan has no rank "${rank}": it has ${ranks.join(", ") || "none"}.`);
    await insertDirective(tx, {
      companyId,
      distributorNo: known.distributorNo,
      kind,
      rank,
      validFrom: from,
      validUntil: until,
      reason,
      actor,
    });
    const details = { kind, rank, from: from.toISOString(), until: until.toISOString(), reason };
    await insertAudit(tx, { companyId, actor, act: "rank.direct", subject: distributorId, details });
  });
}

export interface VolumeAdjustment {
  readonly companyId: number;
  readonly actor: string;
  readonly periodNo: number;
  readonly distributorId: string;
  readonly commissionClass: string;
  /** Ten-thousandths; negative takes away. */
  readonly pv: bigint;
  readonly qv: bigint;
  readonly cv: bigint;
  readonly reason: string;
}

/** Adds volume to an open period by hand. */
export async function adjustVolume(parts: Pick<HubParts, "db">, args: VolumeAdjustment): Promise<void> {
  const { companyId, actor, periodNo, distributorId, commissionClass, pv, qv, cv, reason } = args;
  if (reason.trim() === "") throw refused("reason", "Say why: the reason stays with the volume.");
  await asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const period = (await listPeriods(tx, companyId)).find((period) => period.periodNo === periodNo);
    if (!period) throw new HubError("not-found", "There is no such period.");
    if (period.state !== "open") throw refused("period", `Period ${period.name} is ${period.state}: adjust the next open one.`);
    const known = (await readKnown(tx, { companyId, distributorIds: [distributorId], at: period.endsAt })).get(distributorId);
    if (!known) throw refused("distributor", `There is no distributor "${distributorId}".`);
    const entry = {
      periodNo,
      calendar: period.calendar,
      kind: "adjustment",
      orderNo: null,
      revision: null,
      effectiveAt: period.startsAt.toISOString(),
    } as const;
    const what = { selfPurchase: false, openFastStarts: "", currency: period.currency, market: known.country ?? ANY_MARKET };
    await insertVolumes(tx, companyId, [
      { ...entry, ...what, distributorNo: known.distributorNo, commissionClass, pv, qv, cv, netMinor: 0n, actor, reason },
    ]);
    const details = { period: period.name, pv: String(pv), qv: String(qv), cv: String(cv), reason };
    await insertAudit(tx, { companyId, actor, act: "volume.adjust", subject: distributorId, details });
  });
}
