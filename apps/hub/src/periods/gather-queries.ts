import type { CloseAsks } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { type Counts, embedded, type Packed, type Sums } from "../db/query.ts";
import type { BonusPage, CarryPage, MeasurePage } from "../db/schema/close-runs.ts";
import { judgements, placementEdges, sponsorEdges, standings } from "../db/schema/network.ts";
import type { VolumeEntry } from "../db/schema/periods.ts";
import { asOf } from "../network/as-of.ts";
import { type Members, ofPiece, type Piece } from "./members.ts";

/** What a close reads, set by set, as of a lock's marks; columns of many rows come packed (`db/packed.ts`). */

/** A period is judged by what was so in its last moment. */
const lastMoment = (endsAt: Date): Date => new Date(endsAt.getTime() - 1);

const sponsorAsOf = (at: Date) => asOf({ validFrom: sponsorEdges.validFrom, serial: sponsorEdges.edgeNo }, at);
const standingAsOf = (at: Date) => asOf({ validFrom: standings.validFrom, serial: standings.standingNo }, at);
const judgedAsOf = (at: Date) => asOf({ validFrom: judgements.validFrom, serial: judgements.judgementNo }, at);
const placeAsOf = (at: Date) => asOf({ validFrom: placementEdges.validFrom, serial: placementEdges.edgeNo }, at);

/** Volume of one period up to a mark, and where it says so, up to a moment. */
interface OfPeriod {
  readonly companyId: number;
  readonly periodNo: number;
  readonly upto: bigint;
  readonly asks: CloseAsks;
  readonly placedBefore?: Date;
  readonly members: Members;
}

/** A piece of a close's people, as a lock's marks and a moment say. */
interface OfPiece {
  readonly companyId: number;
  readonly directoryVersion: bigint;
  readonly endsAt: Date;
  readonly piece: Piece;
}

/**
 * Sponsor, status and rank of a range just before `endsAt`. `enrolled` is 1 for whoever was there by then; statuses and ranks
 * are places in the lists given, from 1, and 0 for what is not in them.
 */
export type PeoplePage = Packed<"distributorNos" | "ids" | "enrolled" | "sponsorNos" | "statuses" | "ranks">;

export async function peopleAsOf(
  tx: Tx,
  args: OfPiece & { statuses: readonly string[]; ranks: readonly string[] },
): Promise<PeoplePage | null> {
  const { companyId, directoryVersion, endsAt } = args;
  const at = lastMoment(endsAt);
  const inPiece = tx`company_id = ${companyId} and ${ofPiece(tx, args.piece)}`;
  const [page] = await tx<PeoplePage[]>`
    with edge as (
      select distinct on (distributor_no) distributor_no, sponsor_no from sponsor_edges
       where ${inPiece} and version <= ${directoryVersion}
       order by distributor_no, ${embedded(tx, sponsorAsOf(at))}),
    standing as (
      select distinct on (distributor_no) distributor_no, status, rank from standings
       where ${inPiece} and version <= ${directoryVersion}
       order by distributor_no, ${embedded(tx, standingAsOf(at))}),
    person as (select distributor_no, distributor_id, enrolled_at from distributors where ${inPiece})
    select array_send(array_agg(p.distributor_no)) as "distributorNos", array_send(array_agg(p.distributor_id)) as ids,
           array_send(array_agg((p.enrolled_at < ${endsAt})::int::smallint)) as enrolled,
           array_send(array_agg(coalesce(e.sponsor_no, 0))) as "sponsorNos",
           array_send(array_agg(coalesce(array_position(${args.statuses as string[]}::text[], coalesce(s.status, 'active')), 0))) as statuses,
           array_send(array_agg(coalesce(array_position(${args.ranks as string[]}::text[], s.rank), 0))) as ranks
      from person p
      left join edge e on e.distributor_no = p.distributor_no
      left join standing s on s.distributor_no = p.distributor_no
    having count(*) > 0`;
  return page ?? null;
}

export type PlacePage = Packed<"distributorNos" | "parentNos" | "legs">;

/** Who of a range stood where in a placement tree just before `endsAt`; whoever was in the holding tank is not among them. */
export async function placesAsOf(tx: Tx, args: OfPiece & { tree: string }): Promise<PlacePage | null> {
  const at = lastMoment(args.endsAt);
  const [page] = await tx<PlacePage[]>`
    select array_send(array_agg(distributor_no)) as "distributorNos", array_send(array_agg(parent_no)) as "parentNos",
           array_send(array_agg(leg)) as legs
      from (select distinct on (distributor_no) distributor_no, parent_no, leg from placement_edges
             where company_id = ${args.companyId} and tree = ${args.tree} and version <= ${args.directoryVersion} and valid_from <= ${at}
               and ${ofPiece(tx, args.piece)}
             order by distributor_no, ${embedded(tx, placeAsOf(at))}) place
    having count(*) > 0`;
  return page ?? null;
}

/** What volumes of one kind have in common: everything a close tells apart but whose they are. */
export type VolumeKind = Pick<VolumeEntry, "commissionClass" | "market" | "selfPurchase" | "openFastStarts" | "currency"> &
  Record<"onSubscription", VolumeEntry["selfPurchase"]>;
/**
 * Volumes of one kind; a distributor may be among them more than once. QV and CV are null where they are the same as PV; `more`
 * is what only some plans ask for, column behind column: goods before discounts, then what is taken off each bonus.
 */
export type VolumePage = VolumeKind &
  Packed<"distributorNos" | "pv" | "netMinor"> &
  Record<"qv" | "cv" | "more", Packed<"column">["column"] | null>;

/** What of an entry is asked for besides; where nobody told it, as of an admin's adjustment, goods are worth their net and nothing is taken off. */
function moreOf(tx: Tx, { retail, less }: CloseAsks) {
  const deducted = less.map((id) => tx`coalesce((less_minor ->> ${id}::text)::bigint, 0)`);
  return retail ? [tx`coalesce(retail_minor, net_minor)`, ...deducted] : deducted;
}

type Fragment = ReturnType<typeof moreOf>[number];

const joined = (tx: Tx, [first, ...rest]: readonly Fragment[], by: "columns" | "arrays"): Fragment =>
  rest.reduce((all, next) => (by === "columns" ? tx`${all}, ${next}` : tx`${all} || ${next}`), first ?? tx``);

const onSubscription = (tx: Tx, { subscription }: CloseAsks): Fragment =>
  subscription ? tx`coalesce(subscription, false)` : tx`false`;

const VOLUMES_A_PAGE = 50_000;

/** A period's volume entries up to a mark, in the order they were booked. */
export async function* volumePages(tx: Tx, args: OfPeriod): AsyncGenerator<readonly VolumePage[]> {
  const from = (after: bigint) => volumesAfter(tx, { ...args, after, limit: VOLUMES_A_PAGE }).execute();
  for (let next = from(0n), more = true; more; ) {
    const pages = await next;
    let last = 0n;
    for (const page of pages) if (page.last > last) last = page.last;
    more = pages.reduce((sum, page) => sum + page.entries, 0) === VOLUMES_A_PAGE;
    // The database reads on while these are added up.
    if (more) next = from(last);
    yield pages;
  }
}

function volumesAfter(tx: Tx, args: OfPeriod & { after: bigint; limit: number }) {
  const inTime = args.placedBefore === undefined ? tx`` : tx`and effective_at < ${args.placedBefore}`;
  const columns = moreOf(tx, args.asks).map((column) => tx`array_agg(${column})`);
  const more = columns.length === 0 ? tx`null::bytea` : tx`array_send(${joined(tx, columns, "arrays")})`;
  return tx<(VolumePage & Sums<"last"> & Counts<"entries">)[]>`
    select commission_class as "commissionClass", market, self_purchase as "selfPurchase", open_fast_starts as "openFastStarts", currency,
           on_subscription as "onSubscription", ${more} as more, max(entry_no) as last, count(*)::int as entries, array_send(array_agg(distributor_no)) as "distributorNos",
           array_send(array_agg(pv)) as pv, array_send(array_agg(qv) filter (where not is_alike)) as qv,
           array_send(array_agg(cv) filter (where not is_alike)) as cv, array_send(array_agg(net_minor)) as "netMinor"
      from (select *, ${onSubscription(tx, args.asks)} as on_subscription, qv = pv and cv = pv as is_alike from volume_entries
             where company_id = ${args.companyId} and period_no = ${args.periodNo} and entry_no > ${args.after} and entry_no <= ${args.upto} ${args.members.ownRows(tx)} ${inTime}
             order by entry_no limit ${args.limit}) page
     group by commission_class, market, self_purchase, open_fast_starts, currency, on_subscription, is_alike`;
}

/** Entries of orders whose plan did not ask yet what the closing one asks: they were booked as volume and net alone. */
export async function countUnasked(tx: Tx, { companyId, periodNo, upto, asks, members }: OfPeriod): Promise<number> {
  const unknown = [
    ...(asks.retail ? [tx`retail_minor is null`] : []),
    ...(asks.less.length > 0 ? [tx`not coalesce(less_minor ?& ${asks.less as string[]}::text[], false)`] : []),
    ...(asks.subscription ? [tx`subscription is null`] : []),
  ];
  const [first, ...rest] = unknown;
  if (first === undefined) return 0;
  const [row] = await tx<Counts<"entries">[]>`
    select count(*)::int as entries from volume_entries
     where company_id = ${companyId} and period_no = ${periodNo} and entry_no <= ${upto} and order_no is not null ${members.ownRows(tx)}
       and (${rest.reduce((all, next) => tx`${all} or ${next}`, first)})`;
  return row?.entries ?? 0;
}

/** Sums of every earlier period of a plan's calendar in one, for some distributors: what of them was counted before. */
export async function volumesBefore(
  tx: Tx,
  args: {
    companyId: number;
    planId: string;
    calendar: string;
    startsAt: Date;
    upto: bigint;
    distributorNos: readonly number[];
    asks: CloseAsks;
  },
): Promise<readonly VolumePage[]> {
  const columns = moreOf(tx, args.asks);
  const names = columns.map((_, i) => tx`${tx(`more_${i}`)}`);
  const inner = columns.map((column, i) => tx`sum(${column}) as ${names[i] ?? tx``}`);
  const sums = inner.length === 0 ? tx`` : tx`, ${joined(tx, inner, "columns")}`;
  const arrays = names.map((name) => tx`array_agg(${name}::float8)`);
  const more = arrays.length === 0 ? tx`null::bytea` : tx`array_send(${joined(tx, arrays, "arrays")})`;
  const kind = tx`commission_class, market, self_purchase, open_fast_starts`;
  return tx<VolumePage[]>`
    select commission_class as "commissionClass", market, self_purchase as "selfPurchase", open_fast_starts as "openFastStarts", currency,
           on_subscription as "onSubscription", ${more} as more,
           array_send(array_agg(distributor_no)) as "distributorNos", array_send(array_agg(pv::float8)) as pv,
           array_send(array_agg(qv::float8)) as qv, array_send(array_agg(cv::float8)) as cv, array_send(array_agg(net::float8)) as "netMinor"
      from (select distributor_no, ${kind}, v.currency, ${onSubscription(tx, args.asks)} as on_subscription,
                   sum(pv) as pv, sum(qv) as qv, sum(cv) as cv, sum(net_minor) as net${sums}
              from volume_entries v
              join periods p on p.company_id = v.company_id and p.period_no = v.period_no and p.plan_id = ${args.planId}
               and p.calendar = ${args.calendar} and p.starts_at < ${args.startsAt}
             where v.company_id = ${args.companyId} and v.entry_no <= ${args.upto}
               and v.distributor_no = any(${args.distributorNos as number[]}::integer[])
             group by distributor_no, ${kind}, v.currency, on_subscription) sums
     group by ${kind}, currency, on_subscription`;
}

/** Pages of what a run left, so many at a time. */
const PAGES = 50;

/** Ranks as a run left them; a rank is its place in the run's plan, -1 for none. */
export type RankPage = Packed<"distributorNos" | "ranks" | "titles" | "graceUsed">;

interface OfRun {
  readonly companyId: number;
  readonly runNo: bigint;
  readonly members: Members;
}

export function runRanks(tx: Tx, args: OfRun): AsyncIterable<RankPage[]> {
  return tx<RankPage[]>`
    select array_send(distributor_no) as "distributorNos", array_send(rank) as ranks, array_send(title) as titles,
           array_send(grace_used) as "graceUsed"
      from run_result_pages where company_id = ${args.companyId} and run_no = ${args.runNo} ${args.members.inPages(tx)}`.cursor(
    PAGES,
  );
}

export type PaidPage = Pick<BonusPage, "bonusId"> & Packed<"distributorNos" | "amounts">;

/** What some runs paid, by bonus; number 0 is the company. */
export function paidByRuns(tx: Tx, args: Omit<OfRun, "runNo"> & { runNos: readonly bigint[] }): AsyncIterable<PaidPage[]> {
  return tx<PaidPage[]>`
    select bonus_id as "bonusId", array_send(distributor_no) as "distributorNos", array_send(amount) as amounts
      from run_bonus_pages where company_id = ${args.companyId} and run_no = any(${args.runNos.map(String)}::bigint[])
       ${args.members.inPages(tx)}
     order by run_no, page, bonus_id`.cursor(PAGES);
}

/** Personal volume of the last closed period by the standings of a range just before `endsAt`, -1 where there is none. */
export async function periodPvAsOf(tx: Tx, args: OfPiece): Promise<Packed<"distributorNos" | "pvs"> | null> {
  const { companyId, directoryVersion, endsAt, piece } = args;
  const [page] = await tx<Packed<"distributorNos" | "pvs">[]>`
    with standing as (
      select distinct on (distributor_no) distributor_no, period_pv from standings
       where company_id = ${companyId} and ${ofPiece(tx, piece)} and version <= ${directoryVersion}
       order by distributor_no, ${embedded(tx, standingAsOf(lastMoment(endsAt)))})
    select array_send(coalesce(array_agg(distributor_no), '{}')) as "distributorNos",
           array_send(coalesce(array_agg(coalesce(period_pv, -1)), '{}')) as pvs
      from standing`;
  return page ?? null;
}

/** What closes had found of a range's people just before `endsAt`, for orders and for closes that go by the last closed ranks. */
export async function judgementsAsOf(tx: Tx, args: OfPiece): Promise<Packed<"distributorNos" | "found"> | null> {
  const { companyId, directoryVersion, endsAt, piece } = args;
  const at = lastMoment(endsAt);
  const [page] = await tx<Packed<"distributorNos" | "found">[]>`
    select array_send(array_agg(distributor_no)) as "distributorNos", array_send(array_agg(found)) as found
      from (select distinct on (distributor_no) distributor_no, found from judgements
             where company_id = ${companyId} and ${ofPiece(tx, piece)}
               and version <= ${directoryVersion} and valid_from <= ${at}
             order by distributor_no, ${embedded(tx, judgedAsOf(at))}) latest
    having count(*) > 0`;
  return page ?? null;
}

export type CarriedPage = Pick<CarryPage, "bonusId" | "kind" | "age"> & Packed<"distributorNos" | "amounts">;

export function carryOf(tx: Tx, args: OfRun): AsyncIterable<CarriedPage[]> {
  return tx<CarriedPage[]>`
    select bonus_id as "bonusId", kind, age, array_send(distributor_no) as "distributorNos", array_send(amount) as amounts
      from run_carry_pages where company_id = ${args.companyId} and run_no = ${args.runNo} ${args.members.inPages(tx)}`.cursor(
    PAGES,
  );
}

export type CountedPage = Pick<MeasurePage, "measure"> & Packed<"distributorNos" | "amounts">;

/** What a run counted of measures that later closes look back at. */
export function measurePages(tx: Tx, args: OfRun): AsyncIterable<CountedPage[]> {
  return tx<CountedPage[]>`
    select measure, array_send(distributor_no) as "distributorNos", array_send(amount) as amounts
      from run_measure_pages where company_id = ${args.companyId} and run_no = ${args.runNo} ${args.members.inPages(tx)}`.cursor(
    PAGES,
  );
}
