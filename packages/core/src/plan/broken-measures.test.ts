import { expect, test } from "vitest";
import { rankOf } from "./testing.ts";
import { car, customers, levels, plan, problemsOf, sales } from "./testing-parts.ts";

/** What plans get that say measures, conditions, tables, levels to open and promotions in a way that means nothing. */

const promo = {
  id: "p",
  from: "2027-01-01",
  until: "2027-02-01",
  decidedBy: "order-date",
  set: { "bonuses.levels.rates": { gold: ["0.1"] } },
};

const BROKEN: readonly (readonly [document: object, sentence: string])[] = [
  [
    plan({ measures: { x: { what: "pv", classes: ["tea"] } } }),
    'measures.x.classes[0]: names the commission class "tea", which this plan does not have; right would be one of "standard"',
  ],
  [
    plan({ measures: { x: { what: "count", of: "frontline", levels: { from: 1 } } } }),
    'measures.x.levels: means nothing for frontline; right would be to leave it out, or "of": "levels"',
  ],
  [
    plan({ measures: { x: { what: "pgv", levels: { from: 1 } } } }),
    'measures.x.levels: means nothing for pgv, which ends where groups break away; right would be to leave it out, or "what": "gv"',
  ],
  [
    plan({ measures: { x: { what: "pgv", atMostFromOneLeg: { share: "0.5" } } } }),
    'measures.x.atMostFromOneLeg: means nothing for pgv, whose legs end where groups break away; right would be "what": "gv"',
  ],
  [
    plan({ measures: { x: { what: "count", of: "levels", levels: { from: 1 }, side: "left" } } }),
    'measures.x.side: can be said of legs, of the frontline and of whom somebody enrolled; right would be to leave it out, or "of": "legs"',
  ],
  [
    plan({ measures: { x: { what: "count", of: "frontline", over: { lifetime: true } } } }),
    'measures.x.over: can only be said of people whom somebody enrolled; right would be "of": "enrolled", or periods',
  ],
  [
    plan({ measures: { x: { what: "earned", bonuses: ["match"] } } }),
    'measures.x.bonuses[0]: names the bonus "match", which this plan does not have; right would be to add that bonus first',
  ],
  [plan({ measures: { x: { what: "pv", over: { periods: 0 } } } }), "measures.x.over.periods: is 0; right would be at least 1"],
  [
    plan({ measures: { x: { what: "pv", over: { months: 3 } } } }),
    'measures.x.over: is an object; right would be {"periods": 3}, {"daysAfterEnrolment": 30} or {"lifetime": true}',
  ],
  [
    plan({ measures: { x: { what: "pv", over: { periods: 2, calendar: "week" } } } }),
    'measures.x.over.calendar: names the calendar "week", which this plan does not have; right would be to add that calendar first',
  ],
  [
    plan({ measures: { x: { what: "gv", levels: { from: 3, to: 1 } } } }),
    "measures.x.levels.to: is 1, above the first level 3; right would be the last level, or to leave it out",
  ],
  [
    plan({ measures: { x: { what: "gv", tree: "sponsor" } } }),
    'measures.x.tree: is "sponsor", but the plan names no trees; right would be "trees" in the plan, or to leave it out',
  ],
  [
    plan({
      measures: { x: { what: "count", of: "enrolled", tree: "sponsor" } },
      trees: { sponsor: { is: "placement" } },
      rankTree: "sponsor",
    }),
    'measures.x.tree: means nothing for whom somebody enrolled; right would be to leave it out, or "side" of it',
  ],
  [
    plan({ measures: { "Own PV": { what: "pv" } } }),
    "measures.Own PV: is no name that can be written in a plan; right would be 1 to 63 of a-z, 0-9, dot, dash or underscore, beginning with a letter or digit",
  ],
  [plan({ conditions: { rule: { all: [] } } }), "conditions.rule.all: is a list of 0; right would be at least 1 of them"],
  [
    plan({ conditions: { rule: { rank: "god" } } }),
    'conditions.rule.rank: names the rank "god", which this plan does not have; right would be one of "star", "gold"',
  ],
  [
    plan({ conditions: { rule: { title: "god" } } }),
    'conditions.rule.title: names the rank "god", which this plan does not have; right would be one of "star", "gold"',
  ],
  [
    plan({ conditions: { rule: { enrolled: { from: "March" } } } }),
    'conditions.rule.enrolled.from: is "March"; right would be a date such as "2027-03-01"',
  ],
  [
    plan({ conditions: { rule: { and: ["active"] } } }),
    'conditions.rule: is an object; right would be a condition\'s name, or {"measure": …, "atLeast": …}, {"rank": …}, {"title": …}, {"country": […]}, {"enrolled": …}, {"all": […]}, {"any": […]}, {"not": …}',
  ],
  [
    plan({ active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active", condition: "active" } }),
    'active.condition: asks who is active to say who is active; right would be a condition without "active"',
  ],
  [
    plan({
      measures: { pay: { what: "earned", bonuses: ["levels"] } },
      bonuses: [levels],
      ranks: [{ ...rankOf("star"), requires: { condition: { measure: "pay", atLeast: "1" } } }],
    }),
    'ranks[0].requires.condition: asks for "pay", pay of this close, which comes after ranks; right would be "over": {"periods": 1, "before": 1} in that measure',
  ],
  [plan({ conditions: { rule: { country: [] } } }), "conditions.rule.country: is a list of 0; right would be at least 1 of them"],
  [
    plan({
      measures: { customers },
      bonuses: [
        {
          ...levels,
          rates: {
            by: "measure",
            measure: "customers",
            applies: "whole",
            rows: [
              { from: "1", row: ["0.1"] },
              { from: "1.0", row: ["0.2"] },
            ],
          },
        },
      ],
    }),
    "bonuses[0].rates.rows: begin twice at the same value; right would be a value of its own for each row",
  ],
  [
    plan({ bonuses: [{ ...levels, rates: { by: "class", rows: { standard: ["0.1"] } } }] }),
    'bonuses[0].rates.by: is "class", which only items sold have; right would be classRates, or a bonus for each class by appliesTo',
  ],
  [
    plan({ bonuses: [{ ...sales, pays: { mode: "percent", base: "cv", rates: { by: "source-rank", rows: { gold: "0.1" } } } }] }),
    'bonuses[0].pays.rates.by: is "source-rank", but nobody below is looked at here; right would be "rank", "title" or "measure"',
  ],
  [
    plan({
      measures: { customers },
      bonuses: [
        {
          ...sales,
          pays: {
            mode: "percent",
            base: "cv",
            rates: { by: "measure", measure: "customers", applies: "excess", rows: [{ from: "0", row: "0.1" }] },
          },
        },
      ],
    }),
    'bonuses[0].pays.rates.measure: is "customers", which is no own volume that fills up by periods; right would be a measure that is pv, qv or cv',
  ],
  [
    plan({ bonuses: [{ ...levels, opens: { measure: "customers", levels: [{ from: "1", upTo: 1 }] } }] }),
    'bonuses[0].opens.measure: names the measure "customers", which this plan does not have; right would be to add that measure first',
  ],
  [
    plan({ measures: { customers }, bonuses: [{ ...levels, opens: { measure: "customers", levels: [] } }] }),
    "bonuses[0].opens.levels: is a list of 0; right would be at least 1 of them",
  ],
  [
    plan({ bonuses: [{ ...sales, pays: { mode: "margin" } }] }),
    'bonuses[0].snapshot: is "close", but margins are known of single orders; right would be "order", or to leave it out',
  ],
  [
    plan({
      measures: { customers },
      bonuses: [{ ...levels, rates: { by: "measure", measure: "customers", rows: [{ from: "1", row: ["0.1"] }] } }],
    }),
    'bonuses[0].rates.applies: is missing; right would be one of "whole", "excess", "above-first"',
  ],
  [
    plan({ bonuses: [{ ...levels, classRates: { tea: { "*": ["0.1"] } } }] }),
    'bonuses[0].classRates.tea: names the commission class "tea", which this plan does not have; right would be one of "standard"',
  ],
  [
    plan({
      measures: { customers },
      bonuses: [
        {
          ...levels,
          opens: {
            measure: "customers",
            levels: [
              { from: "1", upTo: 1 },
              { from: "1", upTo: 3 },
            ],
          },
        },
      ],
    }),
    "bonuses[0].opens.levels: begin twice at the same value; right would be a value of its own for each row",
  ],
  [
    plan({ bonuses: [levels], promotions: [{ ...promo, until: "2027-01-01" }] }),
    'promotions[0].until: is "2027-01-01", no day after "from"; right would be the day after the last one',
  ],
  [
    plan({ bonuses: [levels], promotions: [{ ...promo, set: { "bonuses.kit.rates": {} } }] }),
    'promotions[0].set.bonuses.kit.rates: names the bonus "kit", which this plan does not have; right would be one of "levels"',
  ],
  [
    plan({ bonuses: [levels], promotions: [{ ...promo, set: { "conditions.rule": "active" } }] }),
    'promotions[0].set.conditions.rule: names the condition "rule", which this plan does not have; right would be to add that condition first',
  ],
  [
    plan({ bonuses: [levels], promotions: [{ ...promo, set: { "bonuses.levels.opens": {} } }] }),
    'promotions[0].set.bonuses.levels.opens: is not said by the bonus "levels", and a promotion only changes what the plan says; right would be a field that the bonus has',
  ],
  [
    plan({ bonuses: [levels], promotions: [{ ...promo, set: { "bonuses.levels.rates": "0.1" } }] }),
    'promotions[0].set: bonuses[0].rates: is "0.1"; right would be a form that docs/plan-language.md shows',
  ],
  [
    plan({
      measures: { customers },
      bonuses: [
        {
          ...car,
          for: { kind: "first-time", when: "active" },
          amounts: { by: "measure", measure: "customers", applies: "whole", rows: [{ from: "1", row: "5" }] },
        },
      ],
      promotions: [
        {
          ...promo,
          decidedBy: "period-start",
          set: {
            "bonuses.car.amounts": { by: "measure", measure: "customers", applies: "whole", rows: [{ from: "2", row: "9" }] },
          },
        },
      ],
    }),
    "promotions[0].set.bonuses.car.amounts: changes the steps of amounts that are paid once in life for each; right would be the plan's own steps with other amounts",
  ],
  [
    plan({ bonuses: [levels], promotions: [{ ...promo, set: { "ranks.0.requires": {} } }] }),
    'promotions[0].set.ranks.0.requires: is nothing that a promotion may set; right would be "bonuses.<id>.rates" or another table or amount of a bonus, or "conditions.<name>"',
  ],
];

test.each(BROKEN.map(([document, sentence]) => [sentence, document] as const))("%s", (sentence, document) => {
  expect(problemsOf(document)).toContain(sentence);
});
