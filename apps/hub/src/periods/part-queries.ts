import { alias } from "drizzle-orm/pg-core";
import type { Tx } from "../db/connect.ts";
import { embedded, type Packed } from "../db/query.ts";
import type { BonusPage } from "../db/schema/close-runs.ts";
import { placementEdges, type SponsorEdge, sponsorEdges } from "../db/schema/network.ts";
import { asOf } from "../network/as-of.ts";
import type { Members } from "./members.ts";

/** Who stands below and above somebody as a close sees it, without reading anybody else. */

/** A network as a lock's marks and a period's end say. */
export interface SeenNetwork {
  readonly companyId: number;
  readonly directoryVersion: bigint;
  /** Distributors up to this number. */
  readonly distributors: number;
  readonly endsAt: Date;
  /** The placement trees that the close goes by, besides who enrolled whom. */
  readonly trees: readonly string[];
}

const sponsorship = alias(sponsorEdges, "latest");
const placement = alias(placementEdges, "latest");
const lastMoment = (endsAt: Date): Date => new Date(endsAt.getTime() - 1);

function rules(tx: Tx, { endsAt }: SeenNetwork) {
  const at = lastMoment(endsAt);
  return {
    at,
    bySponsorship: embedded(tx, asOf({ validFrom: sponsorship.validFrom, serial: sponsorship.edgeNo }, at)),
    byPlacement: embedded(tx, asOf({ validFrom: placement.validFrom, serial: placement.edgeNo }, at)),
  };
}

/**
 * Somebody and everyone below them, in any of the trees, and below those: level by level, and no more than `most`, which the
 * caller takes for too many.
 */
export async function numbersBelow(
  tx: Tx,
  seen: SeenNetwork,
  { distributorNo, most }: { distributorNo: number; most: number },
): Promise<number[]> {
  const { companyId, directoryVersion, distributors, trees } = seen;
  const { at, bySponsorship, byPlacement } = rules(tx, seen);
  const rows = await tx<Pick<SponsorEdge, "distributorNo">[]>`
    with recursive below (no) as (
      select ${distributorNo}::integer
      union
      select under.no from below cross join lateral (
        select e.distributor_no as no from sponsor_edges e
         where e.company_id = ${companyId} and e.sponsor_no = below.no and e.version <= ${directoryVersion} and e.distributor_no <= ${distributors}
           and e.edge_no = (select latest.edge_no from sponsor_edges latest
                             where latest.company_id = ${companyId} and latest.distributor_no = e.distributor_no and latest.version <= ${directoryVersion}
                             order by ${bySponsorship} limit 1)
        union all
        select e.distributor_no from unnest(${trees as string[]}::text[]) named (tree)
          join placement_edges e on e.company_id = ${companyId} and e.tree = named.tree and e.parent_no = below.no
           and e.version <= ${directoryVersion} and e.valid_from <= ${at} and e.distributor_no <= ${distributors}
         where e.edge_no = (select latest.edge_no from placement_edges latest
                             where latest.company_id = ${companyId} and latest.tree = e.tree and latest.distributor_no = e.distributor_no
                               and latest.version <= ${directoryVersion} and latest.valid_from <= ${at}
                             order by ${byPlacement} limit 1)) under)
    select no as "distributorNo" from below limit ${most}`;
  return rows.map(({ distributorNo }) => distributorNo);
}

/** Everyone above any of some people, in any of the trees, who is none of them. */
export async function numbersAbove(tx: Tx, seen: SeenNetwork, distributorNos: readonly number[]): Promise<number[]> {
  const { companyId, directoryVersion, trees } = seen;
  const { at, bySponsorship, byPlacement } = rules(tx, seen);
  const some = distributorNos as number[];
  // Of many the first step is one look at all of them: nearly everyone's sponsor is among them.
  const rows = await tx<Pick<SponsorEdge, "distributorNo">[]>`
    with recursive next (no) as (
      select sponsor_no from (
        select distinct on (latest.distributor_no) latest.sponsor_no from sponsor_edges latest
         where latest.company_id = ${companyId} and latest.distributor_no = any(${some}::integer[]) and latest.version <= ${directoryVersion}
         order by latest.distributor_no, ${bySponsorship}) sponsors
      union
      select parent_no from (
        select distinct on (latest.tree, latest.distributor_no) latest.parent_no from placement_edges latest
         where latest.company_id = ${companyId} and latest.tree = any(${trees as string[]}::text[])
           and latest.distributor_no = any(${some}::integer[]) and latest.version <= ${directoryVersion} and latest.valid_from <= ${at}
         order by latest.tree, latest.distributor_no, ${byPlacement}) places),
    above (no) as (
      select no from next where no > 0 and not no = any(${some}::integer[])
      union
      select up.no from above cross join lateral (
        (select latest.sponsor_no as no from sponsor_edges latest
          where latest.company_id = ${companyId} and latest.distributor_no = above.no and latest.version <= ${directoryVersion}
          order by ${bySponsorship} limit 1)
        union all
        select placed.parent_no from unnest(${trees as string[]}::text[]) named (tree) cross join lateral (
          select latest.parent_no from placement_edges latest
           where latest.company_id = ${companyId} and latest.tree = named.tree and latest.distributor_no = above.no
             and latest.version <= ${directoryVersion} and latest.valid_from <= ${at}
           order by ${byPlacement} limit 1) placed) up
       where up.no > 0)
    select no as "distributorNo" from above where not no = any(${some}::integer[])`;
  return rows.map(({ distributorNo }) => distributorNo);
}

export type StandingPage = Packed<"distributorNos" | "active" | "pv" | "gv" | "personalGroupVolumes" | "ranks">;

/** How a run found some people. */
export function foundByRun(tx: Tx, args: { companyId: number; runNo: bigint; members: Members }): Promise<StandingPage[]> {
  return tx<StandingPage[]>`
    select array_send(distributor_no) as "distributorNos", array_send(active) as active, array_send(pv) as pv, array_send(gv) as gv,
           array_send(personal_group_volume) as "personalGroupVolumes", array_send(rank) as ranks
      from run_result_pages where company_id = ${args.companyId} and run_no = ${args.runNo} ${args.members.inPages(tx)}`;
}

export type BonusAmounts = Pick<BonusPage, "bonusId"> & Packed<"distributorNos" | "beforeCaps" | "amounts">;

/** What a run paid some people by some bonuses. */
export function paidTo(
  tx: Tx,
  args: { companyId: number; runNo: bigint; members: Members; bonusIds: readonly string[] },
): Promise<BonusAmounts[]> {
  return tx<BonusAmounts[]>`
    select bonus_id as "bonusId", array_send(distributor_no) as "distributorNos", array_send(before_caps) as "beforeCaps",
           array_send(amount) as amounts
      from run_bonus_pages
     where company_id = ${args.companyId} and run_no = ${args.runNo} and bonus_id = any(${args.bonusIds as string[]}::text[])
       ${args.members.inPages(tx)}`;
}
