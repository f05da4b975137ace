import type { Tx } from "../db/connect.ts";
import type { CarryPage, MeasurePage } from "../db/schema/close-runs.ts";
import { writePages } from "./result-pages.ts";

/** What a committed run leaves, in pages of so many distributors; rows come in the order of distributors' numbers. */

interface OfRun {
  readonly companyId: number;
  readonly runNo: bigint;
}

/** Distributor, active (0 or 1), pv, own, gv, personal group, retail, active legs, qualified, rank, title, grace used. */
export function insertResults(tx: Tx, run: OfRun, rows: Iterable<readonly number[]>): Promise<number> {
  return writePages(tx, {
    types: ["int4", "int2", "int8", "int8", "int8", "int8", "int8", "int4", "int2", "int2", "int2", "int2"],
    rows,
    write: (page, column) => tx`
    insert into run_result_pages (company_id, run_no, page, distributor_no, active, pv, own_volume, gv, personal_group_volume,
      retail_volume, active_legs, qualified_rank, rank, title, grace_used)
    values (${run.companyId}, ${run.runNo}, ${page}, ${column(0)}, ${column(1)},
      ${column(2)}, ${column(3)}, ${column(4)}, ${column(5)},
      ${column(6)}, ${column(7)}, ${column(8)}, ${column(9)},
      ${column(10)}, ${column(11)})`,
  });
}

/** Distributor (0 is breakage), before caps, amount. */
export function insertBonus(tx: Tx, target: OfRun & { bonusId: string }, rows: Iterable<readonly number[]>): Promise<number> {
  return writePages(tx, {
    types: ["int4", "int8", "int8"],
    rows,
    write: (page, column) => tx`
    insert into run_bonus_pages (company_id, run_no, page, bonus_id, distributor_no, before_caps, amount)
    values (${target.companyId}, ${target.runNo}, ${page}, ${target.bonusId}, ${column(0)},
      ${column(1)}, ${column(2)})`,
  });
}

/** Distributor, left, right, matched, used left, used right. */
export function insertPairs(tx: Tx, target: OfRun & { bonusId: string }, rows: Iterable<readonly number[]>): Promise<number> {
  return writePages(tx, {
    types: ["int4", "int8", "int8", "int8", "int8", "int8"],
    rows,
    write: (page, column) => tx`
    insert into run_pair_pages (company_id, run_no, page, bonus_id, distributor_no, left_volume, right_volume, matched, used_left, used_right)
    values (${target.companyId}, ${target.runNo}, ${page}, ${target.bonusId}, ${column(0)},
      ${column(1)}, ${column(2)}, ${column(3)}, ${column(4)},
      ${column(5)})`,
  });
}

/** Distributor, amount. */
export function insertCarry(
  tx: Tx,
  target: OfRun & Pick<CarryPage, "bonusId" | "kind" | "age">,
  rows: Iterable<readonly number[]>,
): Promise<number> {
  return writePages(tx, {
    types: ["int4", "int8"],
    rows,
    write: (page, column) => tx`
    insert into run_carry_pages (company_id, run_no, page, bonus_id, kind, age, distributor_no, amount)
    values (${target.companyId}, ${target.runNo}, ${page}, ${target.bonusId}, ${target.kind}, ${target.age},
      ${column(0)}, ${column(1)})`,
  });
}

/** Distributor, ten-thousandths. */
export function insertMeasure(
  tx: Tx,
  target: OfRun & Pick<MeasurePage, "measure" | "kind">,
  rows: Iterable<readonly number[]>,
): Promise<number> {
  return writePages(tx, {
    types: ["int4", "int8"],
    rows,
    write: (page, column) => tx`
    insert into run_measure_pages (company_id, run_no, page, measure, kind, distributor_no, amount)
    values (${target.companyId}, ${target.runNo}, ${page}, ${target.measure}, ${target.kind}, ${column(0)},
      ${column(1)})`,
  });
}
