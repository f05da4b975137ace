import type { Reason } from "../reasons/reason.ts";
import { bonusTables } from "./bonus-tables.ts";
import type { Candidate } from "./candidate.ts";
import { shortOf } from "./condition-reasons.ts";
import { ACTIVE } from "./conditions.ts";
import { LinePeople } from "./line-people.ts";
import type { PlanLookups } from "./lookups.ts";
import { formatVolume } from "./parts.ts";
import type { People } from "./people.ts";
import type { Bonus, Plan } from "./schema.ts";
import { isKeyed, rowsOf, type Table } from "./tables.ts";

interface Asked {
  readonly bonus: Bonus;
  readonly plan: Plan;
  readonly people: People;
  readonly no: number;
  readonly level: number;
  readonly why: "condition" | "closed" | "row";
}

/** The numbers and reasons behind a step. */
export interface StepFacts {
  readonly facts: Readonly<Record<string, string>>;
  readonly parts: readonly Reason[];
}

/** The numbers behind a rate that a condition, `opens` or a table keeps from somebody: what is asked, and what they had. */
export function whyFacts({ bonus, plan, people, no, level, why }: Asked): StepFacts {
  if (why === "condition") return shortFacts(shortOf(bonus.earnsIf ?? { all: [] }, plan, people, no));
  if (why === "closed" && "opens" in bonus && bonus.opens !== undefined) {
    const { measure, levels } = bonus.opens;
    const needed = levels.find(({ upTo }) => upTo >= level)?.from;
    return figures({ level: String(level), measure, had: had(people, measure, no), ...(needed === undefined ? {} : { needed }) });
  }
  const table = bonusTables(bonus).find((own) => !own.limits && isKeyed(own.table))?.table;
  return figures(table === undefined ? {} : rowFacts(table, { plan, people, no }));
}

/** A step whose outcome is what is short of a condition. */
const shortFacts = (short: Reason | null): StepFacts => ({ facts: {}, parts: short === null ? [] : [short] });

/** The numbers behind a distributor's inactivity. */
export function inactivityOf(candidate: Candidate, compiled: PlanLookups): StepFacts {
  const { plan, minimumPv: needed } = compiled;
  if (candidate.inactive === "status") return figures({ status: candidate.distributor.status });
  if (candidate.inactive === "condition")
    return shortFacts(shortOf(plan.active.condition ?? ACTIVE, plan, new LinePeople([candidate], compiled.rankNo), 0));
  const had = candidate.distributor.periodPv ?? 0n;
  const volumes = { neededPv: formatVolume(needed), hadPv: formatVolume(had), shortPv: formatVolume(needed - had) };
  return figures({ ...volumes, ...compiled.rankFact("rank", candidate.rankNo) });
}

const figures = (facts: StepFacts["facts"]): StepFacts => ({ facts, parts: [] });

const had = (people: People, measure: string, no: number): string => formatVolume(BigInt(people.measure(measure, no)));

/** What a table goes by, and what somebody had of it; of a rank nothing where they had none. */
function rowFacts(table: Table<unknown>, { plan, people, no }: Pick<Asked, "plan" | "people" | "no">): Record<string, string> {
  if (isKeyed(table) && "measure" in table) {
    const measure = String(table.measure);
    const [least] = rowsOf(table)
      .map(([from]) => from)
      .sort((a, b) => Number(a) - Number(b));
    return { measure, had: had(people, measure, no), ...(least === undefined ? {} : { needed: least }) };
  }
  const by = isKeyed(table) ? table.by : "rank";
  const rankNo = by === "title" ? people.titleNo(no) : people.rankNo(no);
  const name = by === "title" || by === "rank" ? plan.ranks[rankNo]?.name : undefined;
  return { by, ...(name === undefined ? {} : { had: name }) };
}
