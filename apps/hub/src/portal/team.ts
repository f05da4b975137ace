import { membersAfter, type Plan, volumeOf } from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { downlineOf } from "../network/downlines.ts";
import type { Network } from "../network/network.ts";
import { type DistributorView, describeMembers } from "../network/queries.ts";
import type { HubParts } from "../parts.ts";
import { addressesOfSellers } from "../people/queries.ts";
import { personalVolumes } from "../periods/personal-volumes.ts";
import { type Figures, figuresOf } from "../periods/result-queries.ts";
import { type LookedAt, lookAt, momentOf } from "./look-back.ts";
import type { Seller } from "./seller.ts";
import { readPortalSettings } from "./settings-queries.ts";
import { findBelow, isBelow, lastSold } from "./team-queries.ts";

/** Who stands below somebody, a page at a time, whatever the size of the company. */

export interface Walked {
  readonly no: number;
  readonly level: number;
}

/** Whoever has more people below than this is told of single people, not how many each of them has. */
const MOST_COUNTED = 5_000;

export interface PageWanted {
  readonly limit: number;
  readonly after?: Walked | undefined;
}

/** The next people of a downline, level by level; of one level where it is named. */
export async function walkPage(
  network: Network,
  seller: Seller,
  { limit, after, level }: PageWanted & { readonly level?: number | undefined },
): Promise<Walked[]> {
  const begin = after ?? (level === undefined ? undefined : { level, no: 0 });
  const asked = { after: begin, depth: level ?? Number.POSITIVE_INFINITY, limit };
  const downline = await downlineOf(network, { no: seller.distributorNo, at: Date.now(), ...asked });
  const walked = membersAfter(downline, asked);
  return level === undefined ? walked : walked.filter((each) => each.level === level);
}

/** Those whom somebody of a downline sponsors, by number. Throws HubError where they are nobody of it. */
export function frontlinePage(network: Network, seller: Seller, under: string, { limit, after }: PageWanted): Walked[] {
  const now = Date.now();
  const no = needBelow(network, seller, under);
  const level = no === seller.distributorNo ? 1 : network.uplineAt(no, now).indexOf(seller.distributorNo) + 2;
  return network
    .frontlineAt(no, now)
    .filter((each) => network.enrolledAtOf(each) <= now && each > (after?.no ?? 0))
    .sort((a, b) => a - b)
    .slice(0, limit)
    .map((each) => ({ no: each, level }));
}

/** Whoever of a downline is called so, or has such an id. */
export async function searchPage(tx: Tx, network: Network, seller: Seller, text: string, limit: number): Promise<Walked[]> {
  const now = Date.now();
  const { names } = await readPortalSettings(tx, seller.companyId);
  const own = seller.distributorNo;
  const found: Walked[] = [];
  for (const no of await findBelow(tx, { companyId: seller.companyId, text })) {
    const level = network.uplineAt(no, now).indexOf(own) + 1;
    if (level === 0) continue;
    // Where names are not shown, nobody is found by one either.
    const id = network.needIdOf(no).toLowerCase();
    if (names === "frontline" && level > 1 && !id.includes(text.toLowerCase())) continue;
    found.push({ no, level });
    if (found.length === limit) break;
  }
  return found;
}

/** Somebody's number, of oneself or of one's downline. Whoever stands elsewhere is told like one who is nowhere. */
export function needBelow(network: Network, { distributorNo }: Seller, distributorId: string): number {
  const no = network.numberOf(distributorId);
  if (no !== null && (no === distributorNo || isBelow(network, no, distributorNo, Date.now()))) return no;
  throw new HubError("not-found", "Nobody of your team has this id.");
}

export interface DownlineMember {
  readonly view: DistributorView;
  readonly level: number;
  readonly name: string | null;
  readonly email: string | null;
  /** Null where no period is open, and of a closed one in which they were not below. */
  readonly pv: bigint | null;
  /** What a closed period found of them; null in the present one, and where they were not below then. */
  readonly atClose: Figures | null;
  /** Whether they stood below at the end of what is looked at: of whoever did not nothing is told. */
  readonly wasBelow: boolean;
  readonly below: number | null;
  readonly lastSoldAt: Date | null;
}

export interface DownlinePage extends Pick<LookedAt, "run" | "plan"> {
  readonly members: readonly DownlineMember[];
}

/** Everything that is shown of some people who stand below now; `name` is the period that it is shown of. */
export async function describeDownline(
  hub: HubParts,
  { seller, network, name }: { seller: Seller; network: Network; name?: string | undefined },
  walked: readonly Walked[],
): Promise<DownlinePage> {
  const { companyId } = seller;
  const numbers = walked.map(({ no }) => no);
  const below = await countBelow(network, seller, walked);
  const found = await asCompany(hub.db, companyId, async (tx) => {
    const looked = await lookAt(tx, seller, name);
    const { names, contacts } = await readPortalSettings(tx, companyId);
    const sold = new Map((await lastSold(tx, { companyId, distributorNos: numbers })).map((each) => [each.distributorNo, each]));
    const volumes = await volumesOf(tx, { seller, network, looked }, numbers);
    // Of whoever was not below then, also their status is that of now.
    const then = await describeMembers(tx, { companyId, at: momentOf(looked) }, walked);
    const isNew = ({ distributorNo }: DistributorView) => !volumes(distributorNo).wasBelow;
    const present = then.some(isNew) ? await describeMembers(tx, { companyId, at: new Date() }, walked) : then;
    const views = then.map((view, index) => (isNew(view) ? (present[index] ?? view) : view));
    return { looked, names, contacts, views, sold, volumes };
  });
  const frontline = found.views.filter(({ level }) => level === 1).map(({ distributorNo }) => distributorNo);
  const emails = found.contacts
    ? await addressesOfSellers(hub.db.people, { companyId, distributorNos: frontline })
    : new Map<number, string>();
  const members = found.views.map((view) => ({
    ...{ view, level: view.level, email: view.level === 1 ? (emails.get(view.distributorNo) ?? null) : null },
    name: (found.names === "downline" || view.level <= 1) && view.name !== "" ? view.name : null,
    ...found.volumes(view.distributorNo),
    below: below?.get(view.distributorNo) ?? null,
    lastSoldAt: found.sold.get(view.distributorNo)?.lastAt ?? null,
  }));
  return { run: found.looked.run, plan: found.looked.plan, members };
}

type Volumes = Pick<DownlineMember, "pv" | "atClose" | "wasBelow">;
const NOTHING: Figures = { active: false, pv: 0n, gv: 0n, rank: -1 };

/** What people came to in the period that is looked at: so far, or as its close found it. */
async function volumesOf(
  tx: Tx,
  { seller, network, looked }: { seller: Seller; network: Network; looked: LookedAt },
  distributorNos: readonly number[],
): Promise<(no: number) => Volumes> {
  const { companyId, distributorNo: own } = seller;
  const { span, run } = looked;
  if (run !== null) {
    const at = momentOf(looked).getTime();
    const figures = await figuresOf(tx, { companyId, runNo: run.runNo, distributorNos });
    return (no) => {
      const wasBelow = no === own || isBelow(network, no, own, at);
      const atClose = wasBelow ? (figures.get(no) ?? NOTHING) : null;
      return { pv: atClose === null ? null : atClose.pv, atClose, wasBelow };
    };
  }
  const pv = span.period === null ? null : await personalVolumes(tx, { companyId, period: span.period, distributorNos });
  return (no) => ({ pv: pv === null ? null : (pv.get(no) ?? 0n), atClose: null, wasBelow: true });
}

async function countBelow(network: Network, seller: Seller, walked: readonly Walked[]): Promise<Map<number, number> | null> {
  const whole = { at: Date.now(), depth: Number.POSITIVE_INFINITY };
  const all = await downlineOf(network, { no: seller.distributorNo, ...whole, limit: MOST_COUNTED });
  if (all.depth < Number.POSITIVE_INFINITY || all.members.length > MOST_COUNTED) return null;
  const counts = new Map<number, number>();
  for (const { no } of walked) counts.set(no, (await downlineOf(network, { no, ...whole })).members.length);
  return counts;
}

/** Whether somebody is active: as a close found it, or by what is known of their volume alone, and null where the plan asks for more. */
export function activityOf(plan: Plan | null, { view, pv, atClose }: DownlineMember): { active: boolean | null; short: bigint } {
  if (plan === null || pv === null) return { active: null, short: 0n };
  if (atClose?.active) return { active: true, short: 0n };
  const earns = plan.active.statuses.includes(view.status);
  const needed = volumeOf(plan.active.minimumPv);
  if (!earns) return { active: false, short: 0n };
  if (pv < needed) return { active: false, short: needed - pv };
  if (atClose !== null) return { active: false, short: 0n };
  return { active: plan.active.condition === undefined ? true : null, short: 0n };
}
