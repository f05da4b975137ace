import { and, eq } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { PackedColumns } from "../db/packed-column.ts";
import { query } from "../db/query.ts";
import { type RunExplanation, runExplanations } from "../db/schema/close-runs.ts";

/** Explanations that a run wrote down, by distributor number. */

/** So many are put together at once: it takes less time than the database needs for what is sent before them. */
const AT_ONCE = 150;

export type NewExplanation = Pick<RunExplanation, "distributorNo" | "explained">;

/**
 * Explains the next few people each time that it is called, and answers the statement that writes them down; null behind the last.
 * So a million people's explanations are never in memory together, and are made while the database is busy with other things.
 */
export function explanationWrites(
  tx: Tx,
  run: Pick<RunExplanation, "companyId" | "runNo">,
  explanations: Iterable<NewExplanation>,
): () => PromiseLike<unknown> | null {
  const left = explanations[Symbol.iterator]();
  return () => {
    const places = new PackedColumns(["int4", "int4", "int4"]);
    const texts: Buffer[] = [];
    // PostgreSQL counts bytes from 1 on.
    let first = 1;
    for (let next = left.next(); next.done !== true; next = left.next()) {
      const text = Buffer.from(JSON.stringify(next.value.explained));
      places.add([next.value.distributorNo, first, text.length]);
      texts.push(text);
      first += text.length;
      if (texts.length === AT_ONCE) break;
    }
    if (texts.length === 0) return null;
    const column = places.take(tx);
    return tx`
      insert into run_explanations (company_id, run_no, distributor_no, explained)
      select ${run.companyId}, ${run.runNo}::bigint, no, convert_from(substr(${Buffer.concat(texts)}::bytea, first, bytes), 'UTF8')::jsonb
        from (select unnest(${column(0)}) as no, unnest(${column(1)}) as first, unnest(${column(2)}) as bytes) told`;
  };
}

/** What a run wrote down of somebody; null where it did not have to. */
export async function findExplanation(
  tx: Tx,
  args: Pick<RunExplanation, "companyId" | "runNo" | "distributorNo">,
): Promise<RunExplanation["explained"] | null> {
  const [row] = await query(tx)
    .select({ explained: runExplanations.explained })
    .from(runExplanations)
    .where(
      and(
        eq(runExplanations.companyId, args.companyId),
        eq(runExplanations.runNo, args.runNo),
        eq(runExplanations.distributorNo, args.distributorNo),
      ),
    );
  return row?.explained ?? null;
}
