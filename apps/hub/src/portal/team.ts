import { membersAfter, type Plan, volumeOf } from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { downlineOf } from "../network/downlines.ts";
import type { Network } from "../network/network.ts";
import { type DistributorView, describeMembers } from "../network/queries.ts";
import type { HubParts } from "../parts.ts";
import { addressesOfSellers } from "../people/queries.ts";
import { personalVolumes } from "../periods/personal-volumes.ts";
import type { Seller } from "./seller.ts";
import { readPortalSettings } from "./settings-queries.ts";
import { readSpans, type Span } from "./spans.ts";
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
  /** Null where no period is open. */
  readonly pv: bigint | null;
  readonly below: number | null;
  readonly lastSoldAt: Date | null;
}

export interface DownlinePage {
  readonly span: Span;
  readonly plan: Plan | null;
  readonly members: readonly DownlineMember[];
}

/** Everything that is shown of some people. */
export async function describeDownline(
  hub: HubParts,
  { seller, network }: { seller: Seller; network: Network },
  walked: readonly Walked[],
): Promise<DownlinePage> {
  const { companyId } = seller;
  const now = new Date();
  const numbers = walked.map(({ no }) => no);
  const below = await countBelow(network, seller, walked);
  const found = await asCompany(hub.db, companyId, async (tx) => {
    const { spans, plan } = await readSpans(tx, { companyId, now, since: null });
    const [span] = spans as [Span];
    const { names, contacts } = await readPortalSettings(tx, companyId);
    const views = await describeMembers(tx, { companyId, at: now }, walked);
    const sold = new Map((await lastSold(tx, { companyId, distributorNos: numbers })).map((each) => [each.distributorNo, each]));
    const pv =
      span.period === null ? null : await personalVolumes(tx, { companyId, period: span.period, distributorNos: numbers });
    return { span, plan, names, contacts, views, sold, pv };
  });
  const frontline = found.views.filter(({ level }) => level === 1).map(({ distributorNo }) => distributorNo);
  const emails = found.contacts
    ? await addressesOfSellers(hub.db.people, { companyId, distributorNos: frontline })
    : new Map<number, string>();
  const members = found.views.map((view) => ({
    ...{ view, level: view.level, email: view.level === 1 ? (emails.get(view.distributorNo) ?? null) : null },
    name: (found.names === "downline" || view.level <= 1) && view.name !== "" ? view.name : null,
    pv: found.pv === null ? null : (found.pv.get(view.distributorNo) ?? 0n),
    below: below?.get(view.distributorNo) ?? null,
    lastSoldAt: found.sold.get(view.distributorNo)?.lastAt ?? null,
  }));
  return { span: found.span, plan: found.plan, members };
}

async function countBelow(network: Network, seller: Seller, walked: readonly Walked[]): Promise<Map<number, number> | null> {
  const whole = { at: Date.now(), depth: Number.POSITIVE_INFINITY };
  const all = await downlineOf(network, { no: seller.distributorNo, ...whole, limit: MOST_COUNTED });
  if (all.depth < Number.POSITIVE_INFINITY || all.members.length > MOST_COUNTED) return null;
  const counts = new Map<number, number>();
  for (const { no } of walked) counts.set(no, (await downlineOf(network, { no, ...whole })).members.length);
  return counts;
}

/** Whether somebody is active by what is known of their volume alone; null where the plan asks for more. */
export function activityOf(plan: Plan | null, { view, pv }: DownlineMember): { active: boolean | null; short: bigint } {
  if (plan === null || pv === null) return { active: null, short: 0n };
  const earns = plan.active.statuses.includes(view.status);
  const needed = volumeOf(plan.active.minimumPv);
  if (!earns) return { active: false, short: 0n };
  if (pv < needed) return { active: false, short: needed - pv };
  return { active: plan.active.condition === undefined ? true : null, short: 0n };
}
