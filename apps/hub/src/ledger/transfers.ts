import { ACCOUNTS, type EntryPlace, placeOfEntry, type Target, type Transfer } from "@upline/core";
import { type Batches, writeColumns } from "../db/column-batch.ts";
import type { Tx } from "../db/connect.ts";
import type { Sums } from "../db/query.ts";
import { bigints, integers, moments, smallints } from "../db/row-arrays.ts";
import type { CloseRun } from "../db/schema/close-runs.ts";
import type { Transfer as TransferRow } from "../db/schema/ledger.ts";
import type { Write } from "../db/together.ts";
import { currencyNo, isNumber, kindNo, lineNo } from "./numbers.ts";
import { signedAmount } from "./sign.ts";
import type { WordOf } from "./words.ts";

/** The one writer of the ledger, for orders and for closes, and what it wrote. Amounts are minor units. */

/** A transfer of an order's revision. */
export interface OrderTransfer extends Transfer {
  readonly orderNo: bigint;
  readonly revision: number;
  readonly currency: string;
  readonly effectiveAt: string;
}

/** Whose a transfer is; null is the company's own. */
const earnerOf = ({ debit, credit }: Transfer) => debit.owner ?? credit.owner;

/** The words of orders' transfers: their bonuses, and ids of lines that are no numbers. */
export function* wordsOf(transfers: readonly OrderTransfer[]): Generator<string> {
  for (const transfer of transfers) {
    const { bonusId, lineId } = placeOfEntry(transfer.entryKey, earnerOf(transfer));
    yield bonusId;
    if (!isNumber(lineId)) yield lineId;
  }
}

/** The ledger's only way in for orders. `wordOf` is what `LedgerWords.learn` answered for `wordsOf` of the same transfers. */
export function insertTransfers(
  tx: Tx,
  args: {
    companyId: number;
    transfers: readonly OrderTransfer[];
    numberOf: (distributorId: string) => number | null;
    wordOf: WordOf;
  },
): Write | null {
  const { companyId, transfers, wordOf } = args;
  if (transfers.length === 0) return null;
  const ownerNo = ({ earner }: EntryPlace) => {
    const no = earner === null ? 0 : args.numberOf(earner);
    if (no === null) throw new Error("a transfer names a distributor that the directory does not know");
    return no;
  };
  const places = transfers.map((transfer) => placeOfEntry(transfer.entryKey, earnerOf(transfer)));
  return tx`
    insert into transfer_rows (company_id, source_kind, source_no, revision, seq, kind_no, bonus_no, line, level, distributor_no,
      debit_account, credit_account, amount, currency_no, effective_at)
    select ${companyId}, 1, * from unnest(
      ${bigints(tx, transfers, ({ orderNo }) => orderNo)}, ${integers(tx, transfers, ({ revision }) => revision)},
      ${smallints(tx, transfers, ({ seq }) => seq)}, ${smallints(tx, transfers, ({ kind }) => kindNo(kind))},
      ${integers(tx, places, ({ bonusId }) => wordOf(bonusId))}, ${bigints(tx, places, ({ lineId }) => lineNo(lineId, wordOf))},
      ${integers(tx, places, ({ level }) => level)}, ${integers(tx, places, ownerNo)},
      ${smallints(tx, transfers, ({ debit }) => ACCOUNTS[debit.name])}, ${smallints(tx, transfers, ({ credit }) => ACCOUNTS[credit.name])},
      ${bigints(tx, transfers, ({ amountMinor }) => amountMinor)}, ${smallints(tx, transfers, ({ currency }) => currencyNo(currency))},
      ${moments(tx, transfers, ({ effectiveAt }) => effectiveAt)})`;
}

/** What orders' entries stand at in the ledger, by order and entry. */
export type Posted = ReadonlyMap<bigint, ReadonlyMap<string, Target>>;

export async function readPosted(
  tx: Tx,
  args: { companyId: number; orderNos: readonly bigint[]; idOf: (no: number) => string | null },
): Promise<Posted> {
  const posted = new Map<bigint, Map<string, Target>>();
  if (args.orderNos.length === 0) return posted;
  const rows = await tx<(Pick<TransferRow, "sourceNo" | "entryKey" | "distributorNo"> & Sums<"amountMinor">)[]>`
    select t.source_no as "sourceNo", t.entry_key as "entryKey", t.distributor_no as "distributorNo",
           sum(${signedAmount(tx)})::bigint as "amountMinor"
      from transfers t
     where t.company_id = ${args.companyId} and t.source_kind = 1 and t.source_no = any(${bigints(tx, args.orderNos, (no) => no)})
     group by t.source_no, t.entry_key, t.distributor_no`;
  for (const { sourceNo, entryKey, distributorNo, amountMinor } of rows) {
    const entries = posted.get(sourceNo) ?? new Map<string, Target>();
    entries.set(entryKey, { earner: args.idOf(distributorNo), amountMinor });
    posted.set(sourceNo, entries);
  }
  return posted;
}

/** One difference to post for a close: distributor (0 is breakage), signed minor units, never zero. */
export type Posting = readonly [distributorNo: number, differenceMinor: number];

export interface BonusPostings {
  readonly bonusId: string;
  /** By distributor, ascending. */
  readonly postings: Iterable<Posting>;
}

export interface PostingRun {
  readonly companyId: number;
  readonly runNo: bigint;
  readonly currency: string;
  readonly effectiveAt: Date;
}

/**
 * The ledger's only way in for closes: the differences of all of a run's bonuses in one pass, in statements of tens of
 * thousands of rows; answers how many there were. `wordOf` knows the bonuses (`LedgerWords.learn`). The distributor and the
 * bonus' place in the list are part of the rows' key: the same effect cannot be written twice. Rows come in the order of that
 * key, by distributor and then by bonus: so each index is walked once, from one end to the other.
 */
export function insertPostings(
  tx: Tx,
  run: PostingRun,
  { bonuses, wordOf, beside }: { bonuses: readonly BonusPostings[]; wordOf: WordOf; beside?: Batches["beside"] },
): Promise<number> {
  const { held, breakage } = ACCOUNTS;
  const expense = ACCOUNTS["commission-expense"];
  const kind = (ofDistributor: TransferRow["kind"], ofCompany: TransferRow["kind"]) =>
    tx`case when p.no = 0 then ${kindNo(ofCompany)}::smallint else ${kindNo(ofDistributor)}::smallint end`;
  const account = tx`case when p.no = 0 then ${breakage}::smallint else ${held}::smallint end`;
  return writeColumns(tx, {
    types: ["int2", "int4", "int4", "int8"],
    rows: inOrder(bonuses, wordOf),
    beside,
    write: (column) => tx`
    insert into transfer_rows (company_id, source_kind, source_no, revision, seq, kind_no, bonus_no, line, level, distributor_no,
      debit_account, credit_account, amount, currency_no, effective_at)
    select ${run.companyId}, 2, ${run.runNo}, p.no, p.place,
           case when p.minor < 0 then ${kind("clawback", "breakage-clawback")} else ${kind("commission", "breakage")} end,
           p.bonus_no, 0, 0, p.no,
           case when p.minor < 0 then ${account} else ${expense}::smallint end,
           case when p.minor < 0 then ${expense}::smallint else ${account} end,
           abs(p.minor), ${currencyNo(run.currency)}, ${run.effectiveAt}
      from (select unnest(${column(0)}) as place, unnest(${column(1)}) as bonus_no, unnest(${column(2)}) as no, unnest(${column(3)}) as minor) p`,
  });
}

/** The bonus' place in the list, its number, distributor and difference; by distributor, and then as the bonuses come. */
function* inOrder(bonuses: readonly BonusPostings[], wordOf: WordOf): Generator<readonly number[]> {
  const open = bonuses.map(({ bonusId, postings }, place) => {
    const iterator = postings[Symbol.iterator]();
    return { place, bonusNo: wordOf(bonusId), iterator, next: iterator.next() };
  });
  for (;;) {
    let first = Number.POSITIVE_INFINITY;
    for (const { next } of open) if (next.done !== true && next.value[0] < first) first = next.value[0];
    if (first === Number.POSITIVE_INFINITY) return;
    for (const bonus of open) {
      if (bonus.next.done === true || bonus.next.value[0] !== first) continue;
      yield [bonus.place, bonus.bonusNo, first, bonus.next.value[1]];
      bonus.next = bonus.iterator.next();
    }
  }
}

/** Of a posted bonus, what a distributor's entry stands at; distributor 0 is the company: breakage. */
export type PostedSum = Pick<TransferRow, "bonusId" | "distributorNo"> & Sums<"amountMinor">;

/** What the committed closes of a period posted so far, by bonus and distributor. */
export function readPeriodPosted(tx: Tx, args: Pick<CloseRun, "companyId" | "periodNo">): AsyncIterable<PostedSum[]> {
  return tx<PostedSum[]>`
    select w.word as "bonusId", s.distributor_no as "distributorNo", s.amount::bigint as "amountMinor"
      from (select t.bonus_no, t.distributor_no, sum(${signedAmount(tx)}) as amount
              from close_runs r
              join transfer_rows t on t.company_id = r.company_id and t.source_kind = 2 and t.source_no = r.run_no
             where r.company_id = ${args.companyId} and r.period_no = ${args.periodNo} and r.kind = 'committed'
             group by t.bonus_no, t.distributor_no) s
      join ledger_words w on w.company_id = ${args.companyId} and w.word_no = s.bonus_no`.cursor(20_000);
}
