import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { among, companyId, hexHash, int8, json, moment, recordedAt } from "./columns.ts";
import { periodLocks, periods } from "./periods.ts";
import { ownCompany } from "./roles.ts";

export const RUN_KINDS = ["trial", "proposed", "committed"] as const;
export const RUN_CAUSES = ["close", "rerun", "refund"] as const;
const CARRY_KINDS = ["left", "right", "pool", "completed", "deficit"] as const;

export const closeRunNumbers = pgSequence("close_run_numbers");

/**
 * Runs of a period's close. Append-only.
 *   trial      somebody looked: totals only
 *   proposed   computed on locked inputs, waits for a second person
 *   committed  posted; a later one of the same period supersedes it, and posted the differences
 */
export const closeRuns = pgTable(
  "close_runs",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    periodNo: integer("period_no").notNull(),
    kind: text("kind", { enum: RUN_KINDS }).notNull(),
    cause: text("cause", { enum: RUN_CAUSES }).notNull(),
    lockNo: int8("lock_no"),
    /** Of a committed run: the proposal it carries out, and the committed run it replaces. */
    proposal: int8("proposal"),
    supersedes: int8("supersedes"),
    planHash: text("plan_hash").notNull(),
    inputHash: text("input_hash").notNull(),
    outputHash: text("output_hash").notNull(),
    /** Of what the next close starts from: if it changes, later closes must run again. */
    carryHash: text("carry_hash").notNull(),
    totals: json("totals").notNull(),
    actor: text("actor").notNull(),
    /** Whose key it was, of what takes two people; a trial takes one, and names none. */
    person: text("person"),
    startedAt: moment("started_at").notNull(),
    finishedAt: moment("finished_at").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.runNo] }),
    foreignKey({
      name: "close_runs_period",
      columns: [t.companyId, t.periodNo],
      foreignColumns: [periods.companyId, periods.periodNo],
    }),
    foreignKey({
      name: "close_runs_lock",
      columns: [t.companyId, t.lockNo],
      foreignColumns: [periodLocks.companyId, periodLocks.lockNo],
    }),
    index("close_runs_by_period").on(t.companyId, t.periodNo, t.runNo),
    // One chain of committed runs per period, and each proposal is carried out once.
    uniqueIndex("close_runs_first").on(t.companyId, t.periodNo).where(sql`${t.kind} = 'committed' and ${t.supersedes} is null`),
    uniqueIndex("close_runs_next").on(t.companyId, t.supersedes).where(sql`${t.supersedes} is not null`),
    uniqueIndex("close_runs_proposal").on(t.companyId, t.proposal).where(sql`${t.proposal} is not null`),
    among(t.kind, RUN_KINDS),
    among(t.cause, RUN_CAUSES),
    hexHash(t.inputHash),
    hexHash(t.outputHash),
    hexHash(t.carryHash),
    check("close_runs_lock_check", sql`(${t.kind} = 'trial') = (${t.lockNo} is null)`),
    check("close_runs_person_check", sql`(${t.kind} = 'trial') = (${t.person} is null)`),
    check("close_runs_committed_check", sql`(${t.kind} = 'committed') = (${t.proposal} is not null)`),
    check("close_runs_supersedes_check", sql`${t.supersedes} is null or ${t.kind} = 'committed'`),
    ownCompany(),
  ],
);
export type CloseRun = typeof closeRuns.$inferSelect;

/** One row for whoever had volume, a rank, a title or an amount. Ranks are positions in the run's plan, -1 for none. Append-only. */
export const runResults = pgTable(
  "run_results",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    active: boolean("active").notNull(),
    pv: int8("pv").notNull(),
    /** Own and group volume in the plan's rank volume. */
    ownVolume: int8("own_volume").notNull(),
    gv: int8("gv").notNull(),
    personalGroupVolume: int8("personal_group_volume").notNull(),
    retailVolume: int8("retail_volume").notNull(),
    activeLegs: integer("active_legs").notNull(),
    qualifiedRank: smallint("qualified_rank").notNull(),
    rank: smallint("rank").notNull(),
    title: smallint("title").notNull(),
    graceUsed: smallint("grace_used").notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.runNo, t.distributorNo] }), ownCompany()],
);
export type RunResult = typeof runResults.$inferSelect;

/**
 * Minor units by bonus and distributor, before and after the plan's caps; distributor 0 is the company: breakage.
 * Append-only.
 */
export const runBonuses = pgTable(
  "run_bonuses",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    bonusId: text("bonus_id").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    beforeCaps: int8("before_caps").notNull(),
    amount: int8("amount").notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.runNo, t.distributorNo, t.bonusId] }), ownCompany()],
);
export type RunBonus = typeof runBonuses.$inferSelect;

/** What a binary bonus matched. Append-only. */
export const runPairs = pgTable(
  "run_pairs",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    bonusId: text("bonus_id").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    leftVolume: int8("left_volume").notNull(),
    rightVolume: int8("right_volume").notNull(),
    /** Volume, or a number of cycles. */
    matched: int8("matched").notNull(),
    usedLeft: int8("used_left").notNull(),
    usedRight: int8("used_right").notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.runNo, t.bonusId, t.distributorNo] }), ownCompany()],
);
export type RunPair = typeof runPairs.$inferSelect;

/**
 * What the next close starts from: binary volume by age in closes, pools that roll over (distributor 0), completed matrices,
 * and deficits: returned goods that later volume has to make up for.
 * Append-only.
 */
export const runCarry = pgTable(
  "run_carry",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    bonusId: text("bonus_id").notNull(),
    kind: text("kind", { enum: CARRY_KINDS }).notNull(),
    age: smallint("age").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    amount: int8("amount").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.runNo, t.bonusId, t.kind, t.age, t.distributorNo] }),
    among(t.kind, CARRY_KINDS),
    ownCompany(),
  ],
);
export type CarriedVolume = typeof runCarry.$inferSelect;
