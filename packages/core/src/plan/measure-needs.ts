import { bonusTables, poolUnits } from "./bonus-tables.ts";
import { timingOf } from "./calendars.ts";
import { conditionPlaces, leavesOf, needsOf } from "./condition-leaves.ts";
import type { Measure } from "./measures.ts";
import { promotionSets, publishedPlan, withPromotions } from "./promoted.ts";
import type { Promotion } from "./promotions.ts";
import type { Plan } from "./schema.ts";
import { widestMeasure } from "./spanned.ts";
import { isKeyed } from "./tables.ts";

/** Where the numbers of a plan's measures come from: rows of volumes, facts besides them, or closes before. */

/** Whether rows of volumes cannot tell it: it comes as a column of its own, over the measure's whole time. */
export function isGiven(measure: Measure): boolean {
  switch (measure.what) {
    case "customers-with-order":
    case "new-customers":
    case "orders":
    case "items":
      return true;
    case "pv":
    case "qv":
    case "cv":
      return measure.subscription !== undefined || (measure.over !== undefined && "daysAfterEnrolment" in measure.over);
    default:
      return false;
  }
}

/** What a measure needs of the closes before: values of so many of them, or their sum. */
export type Kept = { readonly periods: number } | "sum" | null;

export function keptOf(measure: Measure): Kept {
  if (isGiven(measure) || !("over" in measure) || measure.over === undefined) return null;
  if (measure.what === "count" && measure.of === "enrolled") return null;
  if (!("periods" in measure.over)) return "sum";
  const back = measure.over.periods - 1 + (measure.over.before ?? 0);
  return back === 0 ? null : { periods: back };
}

export interface MeasureNeeds {
  /** Columns that the input gives. */
  readonly given: readonly string[];
  /** Measures whose count in each close is kept for later ones. */
  readonly kept: ReadonlyMap<string, Exclude<Kept, null>>;
  /** Measures that orders, and closes by the last closed ranks, ask for: what the last close found is stored for each distributor. */
  readonly atOrders: readonly string[];
  /** Whether orders ask for titles. */
  readonly titlesAtOrders: boolean;
  /** What is asked of people beside their place and standing: columns of the network, and when periods began. */
  readonly people: { readonly country: boolean; readonly enrolledAt: boolean; readonly periodStarts: boolean };
}

/** What a plan's measures need from whoever runs its closes and orders. Empty for a plan without measures. */
export function measureNeeds(plan: Plan): MeasureNeeds {
  const all = Object.entries(publishedPlan(plan).measures ?? {});
  return {
    given: all.flatMap(([id, measure]) => (isGiven(measure) ? [id] : [])),
    kept: new Map(
      all.flatMap(([id, measure]): [string, Exclude<Kept, null>][] => {
        const kept = keptOf(widestMeasure(publishedPlan(plan), measure));
        return kept === null ? [] : [[id, kept]];
      }),
    ),
    atOrders: orderMeasures(publishedPlan(plan)),
    titlesAtOrders: under(publishedPlan(plan), "order-date").some(asksTitlesAtOrders),
    people: peopleNeeds(publishedPlan(plan), Object.values(plan.measures ?? {})),
  };
}

function peopleNeeds(plan: Plan, measures: readonly Measure[]): MeasureNeeds["people"] {
  const meeting = measures.flatMap((measure) => ("meeting" in measure && measure.meeting !== undefined ? [measure.meeting] : []));
  const plans = [...under(plan, "order-date"), ...under(plan, "period-start")];
  const conditions = [...plans.flatMap(conditionPlaces).map(([, condition]) => condition), ...meeting];
  const leaves = conditions.flatMap((condition) => leavesOf(condition, "").map(([, leaf]) => leaf));
  const has = (name: "country" | "enrolled") => leaves.some((leaf) => typeof leaf === "object" && name in leaf);
  const spans = measures.flatMap((measure) => ("over" in measure && measure.over !== undefined ? [measure.over] : []));
  const byPeriod = measures.some(
    (measure) => measure.what === "count" && measure.of === "enrolled" && measure.over !== undefined && "periods" in measure.over,
  );
  return {
    country: has("country"),
    enrolledAt:
      has("enrolled") ||
      byPeriod ||
      measures.some(({ what }) => what === "days-enrolled") ||
      spans.some((over) => "daysAfterEnrolment" in over),
    periodStarts: byPeriod,
  };
}

function asksTitlesAtOrders(plan: Plan): boolean {
  const atOrders = plan.bonuses.filter(({ snapshot }) => snapshot !== "close");
  const asked = new Set(
    conditionPlaces(plan)
      .filter(([path, , asker]) => asker === "active" || atOrders.some((bonus) => isOf(path, plan.bonuses.indexOf(bonus))))
      .map(([, condition]) => condition),
  );
  const named = new Set([...asked].flatMap((condition) => [...needsOf(plan, condition).conditions]));
  const all = [...asked, ...[...named].flatMap((name) => plan.conditions?.[name] ?? [])];
  const inConditions = all.some((condition) =>
    leavesOf(condition, "").some(([, leaf]) => typeof leaf === "object" && "title" in leaf),
  );
  const inTables = atOrders.some((bonus) => bonusTables(bonus).some(({ table }) => isKeyed(table) && table.by === "title"));
  return atOrders.length > 0 && (inConditions || inTables);
}

const isOf = (path: string, bonusNo: number): boolean => path.startsWith(`bonuses[${bonusNo}].`);

/** The plan as it is at any time: what promotions ask for must be there when they run. */
function under(plan: Plan, decidedBy: Promotion["decidedBy"]): Plan[] {
  return promotionSets(plan, decidedBy).map((promotions) => withPromotions(plan, promotions));
}

/** Whatever promotions ran at the close: orders after it may be decided under others. */
function orderMeasures(plan: Plan): string[] {
  return [...new Set(under(plan, "order-date").flatMap(measuresAsked))].sort();
}

function measuresAsked(plan: Plan): string[] {
  const found = new Set<string>();
  for (const [path, condition, asker] of conditionPlaces(plan)) {
    const place = /^bonuses\[(\d+)\]/.exec(path)?.[1];
    const bonus = plan.bonuses[Number(place)];
    const stored = asker === "active" || (bonus !== undefined && asksWhatIsStored(bonus));
    if (stored) for (const id of needsOf(plan, condition).ownMeasures) found.add(id);
  }
  for (const bonus of plan.bonuses) {
    if (!asksWhatIsStored(bonus)) continue;
    for (const id of tableMeasures(bonus)) found.add(id);
    // What is counted of people, as a pool's units, is stored as well where a close goes by what is stored.
    if (bonus.snapshot === "close") for (const id of countedMeasures(bonus)) found.add(id);
  }
  return [...found];
}

/** Whether a bonus goes by what the last close stored of people. */
function asksWhatIsStored(bonus: Plan["bonuses"][number]): boolean {
  return bonus.snapshot !== "close" || timingOf(bonus).ranksOf === "last-closed";
}

/** Measures that tables and `opens` of a bonus name. */
export function tableMeasures(bonus: Plan["bonuses"][number]): string[] {
  const opens = "opens" in bonus && bonus.opens !== undefined ? [bonus.opens.measure] : [];
  const tables = bonusTables(bonus).flatMap(({ table }) => {
    const measure = isKeyed(table) && "measure" in table ? table.measure : undefined;
    return typeof measure === "string" ? [measure] : [];
  });
  return [...opens, ...tables];
}

/** Measures of which a bonus pays for each step or unit. */
export function countedMeasures(bonus: Plan["bonuses"][number]): string[] {
  if (bonus.kind === "reward" && bonus.for.kind === "per-step") return [bonus.for.measure];
  return bonus.kind === "pool" ? poolUnits(bonus).flatMap((unit) => (unit.by === "measure" ? [unit.measure] : [])) : [];
}

/** Whether a measure is of closes before this one only. */
export function endsBefore(measure: Measure): boolean {
  return "over" in measure && measure.over !== undefined && "before" in measure.over && measure.over.before !== undefined;
}
