import { bonusTables } from "./bonus-tables.ts";
import { shortOf } from "./condition-text.ts";
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

/** The numbers behind a rate that a condition, `opens` or a table keeps from somebody: what is asked, and what they had. */
export function whyFacts({ bonus, plan, people, no, level, why }: Asked): Record<string, string> {
  if (why === "condition") return { short: shortOf(bonus.earnsIf ?? { all: [] }, plan, people, no) };
  if (why === "closed" && "opens" in bonus && bonus.opens !== undefined) {
    const { measure, levels } = bonus.opens;
    const needed = levels.find(({ upTo }) => upTo >= level)?.from;
    return { level: String(level), measure, had: had(people, measure, no), ...(needed === undefined ? {} : { needed }) };
  }
  const table = bonusTables(bonus).find((own) => !own.limits && isKeyed(own.table))?.table;
  return table === undefined ? {} : rowFacts(table, { plan, people, no });
}

const had = (people: People, measure: string, no: number): string => formatVolume(BigInt(people.measure(measure, no)));

/** What a table goes by, and what somebody had of it. */
function rowFacts(table: Table<unknown>, { plan, people, no }: Pick<Asked, "plan" | "people" | "no">): Record<string, string> {
  if (isKeyed(table) && "measure" in table) {
    const measure = String(table.measure);
    const [least] = rowsOf(table)
      .map(([from]) => from)
      .sort((a, b) => Number(a) - Number(b));
    return { by: measure, had: had(people, measure, no), ...(least === undefined ? {} : { needed: least }) };
  }
  const by = isKeyed(table) ? table.by : "rank";
  const rankNo = by === "title" ? people.titleNo(no) : people.rankNo(no);
  return { by: WORDS[by] ?? by, had: by === "title" || by === "rank" ? (plan.ranks[rankNo]?.name ?? "no rank") : "another" };
}

const WORDS: Readonly<Record<string, string>> = {
  title: "the title",
  rank: "the rank",
  "source-rank": "the rank of whose volume it is",
  "leg-rank": "the rank of the leg",
  "order-size": "the order's size",
};
