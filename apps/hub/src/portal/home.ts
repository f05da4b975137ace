import { asCompany } from "../db/connect.ts";
import { listBalances } from "../ledger/balances.ts";
import { downlineOf } from "../network/downlines.ts";
import { namesOf } from "../network/queries.ts";
import type { NetworkOf } from "../network/routes.ts";
import type { HubParts } from "../parts.ts";
import { sumBonuses } from "./earnings-queries.ts";
import { countLinks } from "./link-queries.ts";
import { readSeller, type Seller } from "./seller.ts";
import { readSpans } from "./spans.ts";
import { isBelow, joinedSince, soldSince } from "./team-queries.ts";

const WEEK_MS = 7 * 86_400_000;

/** What somebody sees first: what they earned in the present period, what lies on their accounts, what their links and team did. */
export async function readHome(hub: HubParts, networkOf: NetworkOf, seller: Seller) {
  const { companyId, distributorNo } = seller;
  const now = new Date();
  const network = await networkOf(companyId);
  const below = await downlineOf(network, { no: distributorNo, at: now.getTime(), depth: Number.POSITIVE_INFINITY });
  const since = new Date(now.getTime() - WEEK_MS);
  const joined = joinedSince(network, { no: distributorNo, since: since.getTime(), now: now.getTime() });
  return asCompany(hub.db, companyId, async (tx) => {
    const { spans, zone } = await readSpans(tx, { companyId, now, since: null });
    const [span] = spans;
    if (span === undefined) throw new Error("there is no present period");
    const { distributorId } = await readSeller(tx, seller);
    const sold = (await soldSince(tx, { companyId, since })).filter((each) =>
      isBelow(network, each.distributorNo, distributorNo, now.getTime()),
    );
    const [newest] = joined;
    const sponsorNo = newest === undefined ? undefined : network.uplineAt(newest, now.getTime(), 1)[0];
    const named = [newest, sponsorNo].flatMap((no) => (no === undefined ? [] : [no]));
    return {
      ...{ span, zone, below: below.members.length },
      earned: await sumBonuses(tx, { companyId, distributorNo, ...span }),
      balances: await listBalances(tx, { companyId, distributorId, limit: 1 }),
      links: await countLinks(tx, { companyId, distributorNo, ...span }),
      sold: { orders: sold.reduce((sum, { orders }) => sum + orders, 0), people: sold.length },
      joined: { count: joined.length, newest, sponsorNo, names: await namesOf(tx, { companyId, distributorNos: named }) },
    };
  });
}
