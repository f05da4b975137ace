import { and, eq } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type RunExplanation, runExplanations } from "../db/schema/close-runs.ts";

/** Explanations that a run wrote down, by distributor number. */

const AT_ONCE = 2_000;

export type NewExplanation = Pick<RunExplanation, "distributorNo" | "explained">;

export async function insertExplanations(
  tx: Tx,
  run: Pick<RunExplanation, "companyId" | "runNo">,
  explanations: Iterable<NewExplanation>,
): Promise<void> {
  const numbers: number[] = [];
  const texts: string[] = [];
  const flush = async (): Promise<void> => {
    if (numbers.length === 0) return;
    await tx`
      insert into run_explanations (company_id, run_no, distributor_no, explained)
      select ${run.companyId}, ${run.runNo}::bigint, no, explained::jsonb from unnest(${numbers}::integer[], ${texts}::text[]) as told (no, explained)`;
    numbers.length = 0;
    texts.length = 0;
  };
  for (const { distributorNo, explained } of explanations) {
    numbers.push(distributorNo);
    texts.push(JSON.stringify(explained));
    if (numbers.length >= AT_ONCE) await flush();
  }
  await flush();
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
