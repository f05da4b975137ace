/** The engine for whoever feeds it: the period's close and its columns, placement trees, and what can be told of a plan without running it. */
export * from "./period/index.ts";
export * from "./placement.ts";
export { baseOf } from "./plan/base.ts";
export { lessOf, soldAs } from "./plan/bonus-base.ts";
export { timingOf } from "./plan/calendars.ts";
export { type Ceiling, payoutCeiling } from "./plan/ceiling.ts";
export { closingCalendars, ranksOfCalendar, shorterCalendars } from "./plan/closing-calendars.ts";
export { shortOf } from "./plan/condition-text.ts";
export { exchangeRate } from "./plan/currency.ts";
export { closeOrder, dependsOn, isCloseBonus } from "./plan/dependencies.ts";
export { type FastStartFacts, openFastStarts, replacedBonuses } from "./plan/fast-start-windows.ts";
export type { Finding } from "./plan/finding.ts";
export { isPublishable, lintPlan, shareText } from "./plan/lint.ts";
export { type MeasureNeeds, measureNeeds } from "./plan/measure-needs.ts";
export type { Measure } from "./plan/measures.ts";
export { placementTrees } from "./plan/placement-trees.ts";
export { cappedOrderBonuses } from "./plan/running-totals.ts";
export type { BonusCeiling } from "./plan/worst-sales.ts";
