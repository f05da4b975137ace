import { type CloseInput, type CloseResult, measureNeeds } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { packedNumbers, packedTexts } from "../db/packed.ts";
import { embedded, type Packed } from "../db/query.ts";
import { judgements } from "../db/schema/network.ts";
import { asOf } from "../network/as-of.ts";
import { type Judgement, judgementText } from "../network/judgements.ts";
import { type NumberRange, numberRanges } from "./number-ranges.ts";

/** Titles and measures of a closed period, for orders from its end on; plans whose orders ask for none cost nothing. */

export interface JudgementsOfRun {
  readonly companyId: number;
  readonly version: bigint;
  readonly endsAt: Date;
  readonly input: CloseInput;
  readonly result: CloseResult;
}

const NOTHING = judgementText({ title: null, measures: {} });

/**
 * Answers how many were written: of everyone who has something, and of those who had and have not any more. Nobody's is left out
 * because it is the same as before: a run anew of an earlier period must not show through.
 */
export async function writeJudgements(tx: Tx, run: JudgementsOfRun): Promise<number> {
  const { atOrders, titlesAtOrders } = measureNeeds(run.input.plan);
  if (atOrders.length === 0 && !titlesAtOrders) return 0;
  let written = 0;
  for (const range of numberRanges(run.input.network.count)) {
    const before = await judgedBefore(tx, run, range);
    const nos: number[] = [];
    const texts: string[] = [];
    for (let no = range.from - 1; no < range.to; no++) {
      const text = judgementText(judgementOf(run, no, titlesAtOrders));
      if (text === NOTHING && (before.get(no + 1) ?? NOTHING) === NOTHING) continue;
      nos.push(no + 1);
      texts.push(text);
    }
    written += nos.length;
    if (nos.length > 0)
      await tx`
        insert into judgements (company_id, version, distributor_no, found, valid_from)
        select ${run.companyId}, ${run.version}::bigint, no, found, ${run.endsAt}::timestamptz
          from unnest(${nos}::integer[], ${texts}::text[]) as judged (no, found)`;
  }
  return written;
}

function judgementOf({ input, result }: JudgementsOfRun, no: number, titled: boolean): Judgement {
  const title = titled ? (input.plan.ranks[result.ranks.title[no] as number]?.id ?? null) : null;
  const measures = Object.entries(result.counts.atOrders).map(([id, column]) => [id, BigInt(column[no] as number)] as const);
  return { title, measures: Object.fromEntries(measures) };
}

async function judgedBefore(
  tx: Tx,
  { companyId, endsAt }: JudgementsOfRun,
  range: NumberRange,
): Promise<ReadonlyMap<number, string>> {
  const latest = asOf({ validFrom: judgements.validFrom, serial: judgements.judgementNo }, endsAt);
  const [page] = await tx<Packed<"distributorNos" | "found">[]>`
    select array_send(array_agg(distributor_no)) as "distributorNos", array_send(array_agg(found)) as found
      from (select distinct on (distributor_no) distributor_no, found from judgements
             where company_id = ${companyId} and distributor_no between ${range.from} and ${range.to} and valid_from <= ${endsAt}
             order by distributor_no, ${embedded(tx, latest)}) latest
    having count(*) > 0`;
  if (page === undefined) return new Map();
  const texts = packedTexts(page.found);
  return new Map(Array.from(packedNumbers(page.distributorNos), (no, index) => [no, texts[index] as string] as const));
}
