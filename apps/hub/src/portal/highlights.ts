import { asCompany } from "../db/connect.ts";
import { downlineOf } from "../network/downlines.ts";
import type { Network } from "../network/network.ts";
import type { HubParts } from "../parts.ts";
import { personalVolumes } from "../periods/personal-volumes.ts";
import { type SeenPerson, seenPeople } from "./people-shapes.ts";
import type { Seller } from "./seller.ts";
import { volumeText } from "./shapes.ts";
import { readSpans } from "./spans.ts";
import { type Leg, personOf, readStandingTogether } from "./standing.ts";
import { joinedSince, lastSold } from "./team-queries.ts";

const DAY_MS = 86_400_000;
const JOINED_DAYS = 14;
/** Nothing sold for so long is quiet; for longer than the other it is no news. */
const QUIET_DAYS = 21;
const GONE_DAYS = 120;
/** Of larger downlines only those whom somebody sponsors are looked at. */
const MOST_LOOKED_AT = 2_000;
const EACH = 3;

/** Who is worth a word: near to being active, quiet for weeks, new. */
export async function readHighlights(hub: HubParts, { seller, network }: { seller: Seller; network: Network }) {
  const { companyId, distributorNo } = seller;
  const now = Date.now();
  const whole = await downlineOf(network, { no: distributorNo, at: now, depth: Number.POSITIVE_INFINITY, limit: MOST_LOOKED_AT });
  const looked = whole.members.length > MOST_LOOKED_AT ? whole.members.slice(0, whole.starts[1]) : whole.members;
  const joined = joinedSince(network, { no: distributorNo, since: now - JOINED_DAYS * DAY_MS, now }).slice(0, EACH);
  return asCompany(hub.db, companyId, async (tx) => {
    const { spans } = await readSpans(tx, { companyId, now: new Date(now), since: null });
    const period = spans[0]?.period ?? null;
    const standing = period === null ? null : await readStandingTogether(hub.db, tx, seller, period);
    const near: Leg[] = [];
    for (let no = 0; standing !== null && no < standing.part.members.count; no++) {
      const leg = personOf(standing, no);
      if (leg.pv > 0 && leg.shortOfActive > 0 && leg.distributorNo !== distributorNo) near.push(leg);
    }
    near.sort((a, b) => a.shortOfActive - b.shortOfActive || a.distributorNo - b.distributorNo);
    const sold = await lastSold(tx, { companyId, distributorNos: [...looked].slice(0, MOST_LOOKED_AT) });
    const quiet = sold
      .filter(({ lastAt }) => now - lastAt.getTime() > QUIET_DAYS * DAY_MS && now - lastAt.getTime() < GONE_DAYS * DAY_MS)
      .sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime())
      .slice(0, EACH);
    const sponsors = joined.map((no) => network.uplineAt(no, now, 1)[0] ?? 0);
    const numbers = [...near.map((leg) => leg.distributorNo), ...quiet.map((each) => each.distributorNo), ...joined, ...sponsors];
    const seen = await seenPeople(tx, { seller, network, now }, numbers);
    const pv = period === null ? null : await personalVolumes(tx, { companyId, period, distributorNos: numbers });
    const ofNew = new Map(
      (await lastSold(tx, { companyId, distributorNos: joined })).map((one) => [one.distributorNo, one.orders]),
    );
    const word = (no: number, rest: { volume?: string; at?: string; sponsor?: SeenPerson | undefined; orders?: number }) => {
      const person = seen.get(no);
      const own = { pv: pv === null ? null : volumeText(Number(pv.get(no) ?? 0n)), orders: rest.orders ?? null };
      const said = { volume: rest.volume ?? null, at: rest.at ?? null, sponsor: rest.sponsor ?? null };
      return person === undefined ? [] : [{ ...person, ...own, ...said }];
    };
    return {
      near: near.flatMap((leg) => word(leg.distributorNo, { volume: volumeText(leg.shortOfActive) })).slice(0, EACH),
      quiet: quiet.flatMap(({ distributorNo: no, lastAt }) => word(no, { at: lastAt.toISOString() })),
      joined: joined.flatMap((no, index) =>
        word(no, {
          ...{ at: new Date(network.enrolledAtOf(no)).toISOString(), orders: ofNew.get(no) ?? 0 },
          sponsor: seen.get(sponsors[index] ?? 0),
        }),
      ),
    };
  });
}
