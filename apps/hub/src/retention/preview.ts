import type { Retention } from "../companies/retention.ts";
import { asCompanyAtLength } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import { countOldBodies } from "../inbox/forget-bodies.ts";
import type { HubParts } from "../parts.ts";

/** So far rows are counted: more is more than anybody wants to know before they decide. */
export const MOST_COUNTED = 100_000;
const DAY_MS = 86_400_000;

/** How many rows would go at the next run of each job, at most `MOST_COUNTED` of each. Nothing is written. */
export async function previewRetention(
  parts: Pick<HubParts, "db">,
  { companyId, retention, now }: { companyId: number; retention: Retention; now: Date },
): Promise<{ bodies: number; deliveries: number; clicks: number }> {
  const { bodyDays, deliveryDays, clickDays } = retention;
  const cutoff = (days: number) => new Date(now.getTime() - days * DAY_MS);
  const bodies = bodyDays === 0 ? 0 : await countOldBodies(parts, { companyId, before: cutoff(bodyDays), most: MOST_COUNTED });
  const [row] = await asCompanyAtLength(
    parts.db,
    companyId,
    (tx) => tx<Counts<"deliveries" | "clicks">[]>`
      select (select count(*)::int from (
                select w.delivery_id from inbox_groups g cross join lateral unnest(g.delivery_ids) as w (delivery_id)
                 where ${deliveryDays > 0} and g.company_id = ${companyId} and g.salts is null and not exists (
                   select from unnest(g.delivery_ids) as other (delivery_id) left join inbox_outcomes o on o.delivery_id = other.delivery_id
                    where o.outcome is null or o.outcome = 'dead' or o.processed_at >= ${cutoff(deliveryDays)}
                       or (o.outcome = 'hint' and o.detail like 'order %'
                           and not exists (select from answered_hints a where a.delivery_id = other.delivery_id)))
                 limit ${MOST_COUNTED}) d) as "deliveries",
             (select count(*)::int from (
                select from referral_clicks where ${clickDays > 0} and company_id = ${companyId} and day < ${cutoff(clickDays)}::date
                 limit ${MOST_COUNTED}) c) as "clicks"`,
  );
  return { bodies, deliveries: row?.deliveries ?? 0, clicks: row?.clicks ?? 0 };
}
