import type { Tx } from "../db/connect.ts";
import type { Counts, Sums } from "../db/query.ts";
import type { Transfer } from "../db/schema/ledger.ts";
import { direction, signedAmount } from "../ledger/sign.ts";

/** What the ledger holds for one distributor. Amounts are minor units with their sign: what was taken back is below zero. */

interface Whose {
  readonly companyId: number;
  readonly distributorNo: number;
}

interface InSpan extends Whose {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

export type BonusSum = Pick<Transfer, "bonusId" | "currency"> & Sums<"earnedMinor" | "takenBackMinor"> & Counts<"entries">;

/** What each bonus brought in a span, and what of it was taken back then. */
export function sumBonuses(tx: Tx, { companyId, distributorNo, startsAt, endsAt }: InSpan): Promise<BonusSum[]> {
  return tx<BonusSum[]>`
    select t.bonus_id as "bonusId", t.currency, count(*)::int as entries,
           coalesce(sum(t.amount) filter (where ${direction(tx, "adds")}), 0)::bigint as "earnedMinor",
           coalesce(sum(t.amount) filter (where ${direction(tx, "subtracts")}), 0)::bigint as "takenBackMinor"
      from transfers t
     where t.company_id = ${companyId} and t.distributor_no = ${distributorNo}
       and t.effective_at >= ${startsAt} and t.effective_at < ${endsAt}
     group by t.bonus_id, t.currency
     order by t.currency, t.bonus_id`;
}

export type SpanSum = BonusSum & Counts<"span">;

/** The same for several spans at once, which begin and end as these do: one look at what somebody ever earned. */
export function sumBonusesOfSpans(
  tx: Tx,
  { companyId, distributorNo, spans }: Whose & { readonly spans: readonly { readonly startsAt: Date; readonly endsAt: Date }[] },
): Promise<SpanSum[]> {
  return tx<SpanSum[]>`
    select s.no::int - 1 as span, t.bonus_id as "bonusId", t.currency, count(*)::int as entries,
           coalesce(sum(t.amount) filter (where ${direction(tx, "adds")}), 0)::bigint as "earnedMinor",
           coalesce(sum(t.amount) filter (where ${direction(tx, "subtracts")}), 0)::bigint as "takenBackMinor"
      from transfers t
      join unnest(${spans.map(({ startsAt }) => startsAt.toISOString())}::timestamptz[],
                  ${spans.map(({ endsAt }) => endsAt.toISOString())}::timestamptz[]) with ordinality as s (starts_at, ends_at, no)
        on t.effective_at >= s.starts_at and t.effective_at < s.ends_at
     where t.company_id = ${companyId} and t.distributor_no = ${distributorNo}
     group by s.no, t.bonus_id, t.currency
     order by s.no, t.currency, t.bonus_id`;
}

/** When somebody earned something for the first time; null where they never did. */
export async function firstEarnedAt(tx: Tx, { companyId, distributorNo }: Whose): Promise<Date | null> {
  const [row] = await tx<Record<"at", Transfer["effectiveAt"] | null>[]>`
    select min(effective_at) as at from transfer_rows where company_id = ${companyId} and distributor_no = ${distributorNo}`;
  return row?.at ?? null;
}

/** One row of somebody's earnings: what one bonus brought of one order or close at one moment; in microseconds too, which a date would lose. */
export type EarningRow = Pick<Transfer, "sourceKind" | "sourceNo" | "bonusId" | "level" | "currency" | "effectiveAt" | "kind"> &
  Sums<"amountMinor" | "lastId" | "atMicros">;

export interface EarningCursor {
  readonly atMicros: string;
  readonly lastId: string;
}

/** The newest first, behind a cursor; of one bonus, or of what was taken back, where that is asked for. */
export function listEarnings(
  tx: Tx,
  args: InSpan & {
    readonly bonusId?: string | undefined;
    readonly takenBack?: boolean | undefined;
    readonly before?: EarningCursor | undefined;
    readonly limit: number;
  },
): Promise<EarningRow[]> {
  const { companyId, distributorNo, startsAt, endsAt, bonusId, takenBack, before, limit } = args;
  const behind =
    before === undefined
      ? tx``
      : tx`having (floor(extract(epoch from t.effective_at) * 1000000)::bigint, max(t.transfer_id)) < (${before.atMicros}::bigint, ${before.lastId}::bigint)`;
  const only = takenBack === undefined ? tx`` : tx`and ${direction(tx, takenBack ? "subtracts" : "adds")}`;
  return tx<EarningRow[]>`
    select t.source_kind as "sourceKind", t.source_no as "sourceNo", t.bonus_id as "bonusId", t.level, t.currency,
           t.effective_at as "effectiveAt", floor(extract(epoch from t.effective_at) * 1000000)::bigint as "atMicros",
           sum(${signedAmount(tx)})::bigint as "amountMinor", max(t.transfer_id) as "lastId", t.kind
      from transfers t
     where t.company_id = ${companyId} and t.distributor_no = ${distributorNo}
       and t.effective_at >= ${startsAt} and t.effective_at < ${endsAt}
       ${bonusId === undefined ? tx`` : tx`and t.bonus_id = ${bonusId}`} ${only}
     group by t.source_kind, t.source_no, t.bonus_id, t.level, t.currency, t.effective_at, t.kind
     ${behind}
     order by t.effective_at desc, max(t.transfer_id) desc
     limit ${limit}`;
}
