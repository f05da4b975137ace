import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";
import type { Hub } from "../../hub.ts";
import type { Network } from "../../network/network.ts";
import { acceptInvitation } from "../../people/accept.ts";
import { invite } from "../../people/invite.ts";
import { writePeriods } from "./history.ts";

/** Who can sign in to the large company, and a present month for them to look at: made once, kept in the folder. */
export interface Seats {
  readonly password: string;
  readonly owner: string;
  readonly seller: string;
  readonly sellerId: string;
  /** How many people are below the seller. */
  readonly below: number;
}

const FILE = "seats.json";
/** The seller is whoever comes nearest to so many people below. */
const BELOW = 10_000;
const ADJUSTED = 10;

export async function largeSeats(
  hub: Hub,
  at: { readonly folder: string; readonly companyId: number; readonly owner: postgres.Sql },
): Promise<Seats> {
  const path = join(at.folder, FILE);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Seats;
  const { companyId, owner } = at;
  const { network } = await hub.pipeline.directories.fresh(companyId);
  const { no, below } = nearest(network, BELOW);
  await writePeriods(hub, { owner, companyId, onProgress: () => {} });
  await adjustVolumes(owner, { companyId, numbers: await numbersBelow(owner, companyId, no) });
  const seats: Seats = {
    ...{ password: randomBytes(12).toString("base64url"), owner: "owner@large.example", seller: "seller@large.example" },
    ...{ sellerId: network.needIdOf(no), below },
  };
  await seat(hub, companyId, { email: seats.owner, password: seats.password });
  await seat(hub, companyId, { email: seats.seller, password: seats.password, distributorId: seats.sellerId });
  writeFileSync(path, `${JSON.stringify(seats)}\n`, { mode: 0o600 });
  return seats;
}

/** Sponsors have smaller numbers than those below them, so that one look at everybody from the last to the first counts them all. */
function nearest(network: Network, wanted: number): { no: number; below: number } {
  const now = Date.now();
  const below = new Int32Array(network.size + 1);
  for (let no = network.size; no > 0; no--) {
    const sponsor = network.tree.sponsorAsOf(no, now);
    if (sponsor > 0) below[sponsor] = (below[sponsor] as number) + (below[no] as number) + 1;
  }
  let best = 1;
  const distance = (no: number) => Math.abs((below[no] as number) - wanted);
  for (let no = 2; no <= network.size; no++) if (distance(no) < distance(best)) best = no;
  return { no: best, below: below[best] as number };
}

async function numbersBelow(owner: postgres.Sql, companyId: number, no: number): Promise<number[]> {
  const rows = await owner<{ no: number }[]>`
    with recursive below (no) as (
      select ${no}::integer union
      select e.distributor_no from below join sponsor_edges e on e.company_id = ${companyId} and e.sponsor_no = below.no)
    select no from below`;
  return rows.map((row) => row.no);
}

/** The shops' orders end before today: in the present month everybody below the seller, and some others, have volume by an adjustment. */
async function adjustVolumes(
  owner: postgres.Sql,
  { companyId, numbers }: { companyId: number; numbers: number[] },
): Promise<void> {
  await owner`
    insert into volume_entries (company_id, period_no, kind, distributor_no, commission_class, market, self_purchase, currency, pv, qv, cv,
      net_minor, effective_at, actor, reason)
    select ${companyId}, p.period_no, 'adjustment', d.distributor_no, 'standard', '*', false, 'USD', v, v, v, v / 100, now(), 'demo', 'the present month'
      from distributors d
      cross join lateral (select (500 + d.distributor_no * 7919::bigint % 6000) * 100 as v) volume
      join periods p on p.company_id = d.company_id and p.starts_at <= now() and p.ends_at > now()
     where d.company_id = ${companyId} and (d.distributor_no % ${ADJUSTED} = 0 or d.distributor_no = any(${numbers}::integer[]))`;
}

async function seat(
  hub: Hub,
  companyId: number,
  { email, password, distributorId }: { email: string; password: string; distributorId?: string },
): Promise<void> {
  const giver = { actor: "demo", role: "operator" } as const;
  const role = distributorId === undefined ? "owner" : "distributor";
  const { link } = await invite(hub.people, { companyId, email, role, distributorId, giver });
  await acceptInvitation(hub.people, { token: link.split("#")[1] ?? "", name: "Robin Large", password });
}
