import type { Reason } from "@upline/core";
import { type Column, sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgSequence,
  pgTable,
  pgView,
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
const CARRY_KINDS = ["left", "right", "pool", "completed", "deficit", "reward"] as const;
const MEASURE_KINDS = ["alone", "sum"] as const;

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

/**
 * What committed runs came to is kept in pages: one row holds a thousand distributor numbers' worth of results, column by
 * column, with an entry for everyone who has something to tell. A million rows of their own would cost ten times the time
 * and space. The views behind the tables show them row by row. Append-only.
 */
export const PAGE_OF_RESULTS = 1_000;

/** A distributor's number divided by a thousand. */
const page = () => integer("page").notNull();
const int4s = (name: string) => integer(name).array().notNull();
const int8s = (name: string) => int8(name).array().notNull();
const int2s = (name: string) => smallint(name).array().notNull();

/** Every column of a page has as many entries as it has distributors. */
const evenColumns = (table: string, ...columns: readonly Column[]) =>
  check(
    `${table}_even_columns`,
    sql.join(
      columns.slice(1).map((column) => sql`cardinality(${column}) = cardinality(${columns[0]})`),
      sql` and `,
    ),
  );

/** Of whoever had volume, a rank, a title or an amount. Ranks are positions in the run's plan, -1 for none. */
export const runResultPages = pgTable(
  "run_result_pages",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    page: page(),
    distributorNo: int4s("distributor_no"),
    /** 1 or 0. */
    active: int2s("active"),
    pv: int8s("pv"),
    /** Own and group volume in the plan's rank volume. */
    ownVolume: int8s("own_volume"),
    gv: int8s("gv"),
    personalGroupVolume: int8s("personal_group_volume"),
    retailVolume: int8s("retail_volume"),
    activeLegs: int4s("active_legs"),
    qualifiedRank: int2s("qualified_rank"),
    rank: int2s("rank"),
    title: int2s("title"),
    graceUsed: int2s("grace_used"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.runNo, t.page] }),
    evenColumns(
      "run_result_pages",
      ...[t.distributorNo, t.active, t.pv, t.ownVolume, t.gv, t.personalGroupVolume, t.retailVolume, t.activeLegs],
      ...[t.qualifiedRank, t.rank, t.title, t.graceUsed],
    ),
    ownCompany(),
  ],
);

/** Minor units by bonus and distributor, before and after the plan's caps; distributor 0 is the company: breakage. */
export const runBonusPages = pgTable(
  "run_bonus_pages",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    page: page(),
    bonusId: text("bonus_id").notNull(),
    distributorNo: int4s("distributor_no"),
    beforeCaps: int8s("before_caps"),
    amount: int8s("amount"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.runNo, t.page, t.bonusId] }),
    evenColumns("run_bonus_pages", t.distributorNo, t.beforeCaps, t.amount),
    ownCompany(),
  ],
);

/** What a binary bonus matched. */
export const runPairPages = pgTable(
  "run_pair_pages",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    page: page(),
    bonusId: text("bonus_id").notNull(),
    distributorNo: int4s("distributor_no"),
    leftVolume: int8s("left_volume"),
    rightVolume: int8s("right_volume"),
    /** Volume, or a number of cycles. */
    matched: int8s("matched"),
    usedLeft: int8s("used_left"),
    usedRight: int8s("used_right"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.runNo, t.page, t.bonusId] }),
    evenColumns("run_pair_pages", t.distributorNo, t.leftVolume, t.rightVolume, t.matched, t.usedLeft, t.usedRight),
    ownCompany(),
  ],
);

/**
 * What the next close starts from: binary volume by age in closes, pools that roll over (distributor 0), completed matrices,
 * deficits: returned goods that later volume has to make up for; and what rewards know of people, each column an age.
 */
export const runCarryPages = pgTable(
  "run_carry_pages",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    page: page(),
    bonusId: text("bonus_id").notNull(),
    kind: text("kind", { enum: CARRY_KINDS }).notNull(),
    age: smallint("age").notNull(),
    distributorNo: int4s("distributor_no"),
    amount: int8s("amount"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.runNo, t.page, t.bonusId, t.kind, t.age] }),
    evenColumns("run_carry_pages", t.distributorNo, t.amount),
    among(t.kind, CARRY_KINDS),
    ownCompany(),
  ],
);
export type BonusPage = typeof runBonusPages.$inferSelect;
export type CarryPage = typeof runCarryPages.$inferSelect;

/**
 * What a run counted of the plan's measures, for later closes, in ten-thousandths: `alone` in this period, of measures over
 * several; `sum` of all periods so far, of measures over a lifetime or somebody's first days.
 */
export const runMeasurePages = pgTable(
  "run_measure_pages",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    page: page(),
    measure: text("measure").notNull(),
    kind: text("kind", { enum: MEASURE_KINDS }).notNull(),
    distributorNo: int4s("distributor_no"),
    amount: int8s("amount"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.runNo, t.measure, t.page] }),
    evenColumns("run_measure_pages", t.distributorNo, t.amount),
    among(t.kind, MEASURE_KINDS),
    ownCompany(),
  ],
);
export type MeasurePage = typeof runMeasurePages.$inferSelect;

/**
 * What the newest trial or proposal of a period would pay in all, in minor units, for the next one to be compared with: of
 * older ones nothing but totals is kept. A committed run has its bonuses.
 */
export const runPayPages = pgTable(
  "run_pay_pages",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    page: page(),
    distributorNo: int4s("distributor_no"),
    amount: int8s("amount"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.runNo, t.page] }),
    evenColumns("run_pay_pages", t.distributorNo, t.amount),
    ownCompany(),
  ],
);

/** Whom a run gives more or less than the one before it of the same period. */
export interface StoredChanges {
  readonly sinceRun: string;
  readonly gained: { readonly people: number; readonly minor: string };
  readonly lost: { readonly people: number; readonly minor: string };
  /** The largest differences, whoever gains or loses by them. */
  readonly largest: readonly { readonly distributorNo: number; readonly beforeMinor: string; readonly afterMinor: string }[];
}

/** Of a trial or proposal that came after another run. Append-only. */
export const runChanges = pgTable(
  "run_changes",
  { companyId: companyId(), runNo: int8("run_no").notNull(), changes: json("changes").$type<StoredChanges>().notNull() },
  (t) => [primaryKey({ columns: [t.companyId, t.runNo] }), ownCompany()],
);

/** What a run tells of somebody's close, in words and before any language; runs of earlier versions told words alone. */
export interface StoredExplanation {
  readonly reasons?: {
    readonly activity: Reason;
    readonly rank: Reason;
    readonly nextRank: readonly Reason[];
  };
  readonly activity: string;
  readonly rank: string;
  readonly nextRank: readonly string[];
  readonly bonuses: readonly {
    readonly bonusId: string;
    readonly amount: string;
    readonly lines: readonly string[];
    readonly notPaid: readonly string[];
    readonly reasons?: { readonly amount: Reason; readonly lines: readonly Reason[]; readonly notPaid: readonly Reason[] };
  }[];
}

/**
 * Why somebody with so many people below that no request could compute them was paid what they were, as the run itself told
 * it; everybody else's is computed from their part of the tree. Append-only.
 */
export const runExplanations = pgTable(
  "run_explanations",
  {
    companyId: companyId(),
    runNo: int8("run_no").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    explained: json("explained").$type<StoredExplanation>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.runNo, t.distributorNo] }), ownCompany()],
);
export type RunExplanation = typeof runExplanations.$inferSelect;

/** The pages of results row by row. */
export const runResults = pgView("run_results", {
  companyId: companyId(),
  runNo: int8("run_no").notNull(),
  page: page(),
  distributorNo: integer("distributor_no").notNull(),
  active: boolean("active").notNull(),
  pv: int8("pv").notNull(),
  ownVolume: int8("own_volume").notNull(),
  gv: int8("gv").notNull(),
  personalGroupVolume: int8("personal_group_volume").notNull(),
  retailVolume: int8("retail_volume").notNull(),
  activeLegs: integer("active_legs").notNull(),
  qualifiedRank: smallint("qualified_rank").notNull(),
  rank: smallint("rank").notNull(),
  title: smallint("title").notNull(),
  graceUsed: smallint("grace_used").notNull(),
}).existing();

/** The pages of bonuses row by row. Pairs and what is carried have views too, `run_pairs` and `run_carry`, for whoever looks by SQL. */
export const runBonuses = pgView("run_bonuses", {
  companyId: companyId(),
  runNo: int8("run_no").notNull(),
  page: page(),
  bonusId: text("bonus_id").notNull(),
  distributorNo: integer("distributor_no").notNull(),
  beforeCaps: int8("before_caps").notNull(),
  amount: int8("amount").notNull(),
}).existing();
export type RunBonus = typeof runBonuses.$inferSelect;
