/** The engine for whoever feeds it: the period's close and its columns, placement trees, and what can be told of a plan without running it. */
export * from "./period/index.ts";
export * from "./placement.ts";
export { type BonusCeiling, type Ceiling, payoutCeiling } from "./plan/ceiling.ts";
export { closeOrder, dependsOn, isCloseBonus } from "./plan/dependencies.ts";
export { type FastStartFacts, openFastStarts, replacedBonuses } from "./plan/fast-start-windows.ts";
export { type Finding, isPublishable, lintPlan, shareText } from "./plan/lint.ts";
