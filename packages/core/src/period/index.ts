export {
  type BackTest,
  type BackTestProgress,
  backTest,
  backTestSummary,
  type Mover,
  type PastClose,
  type PastDeductions,
  type PlanPast,
  type PlanTrial,
} from "./backtest.ts";
export { returningOwners, rowsBefore } from "./before.ts";
export type { BinaryOutcome } from "./binary-close.ts";
export type { CapHit } from "./caps-close.ts";
export { type ClosedBonus, type CloseResult, closePeriod, sharedByAll } from "./close.ts";
export { localDay, type PeriodSpan, type PlanCalendar, periodAt, startOfDay } from "./dates.ts";
export { type CloseExplanation, type ExplainedBonus, explainClose, missing } from "./explain.ts";
export { wholePools } from "./explain-pool.ts";
export { explainSources, type SourceStep, walksAskMeasures } from "./explain-source.ts";
export { exactFact, type RankFacts } from "./facts.ts";
export {
  assertCloseInput,
  type BinaryCarry,
  type Carried,
  type CloseInput,
  CloseInputError,
  type CloseNetwork,
  type CloseOrders,
  type ClosePart,
  type FoundAbove,
  type LastClosed,
  type Measured,
  NOTHING_CARRIED,
  type PlacementColumns,
  type RankDirective,
} from "./input.ts";
export { keptAfter, MeasureHistory } from "./measure-history.ts";
export { classWeights } from "./measure-volumes.ts";
export type { MeasureCounts } from "./measures.ts";
export { type RankCondition, rankConditions } from "./rank-conditions.ts";
export type { RankOutcome } from "./ranks.ts";
export {
  advancePeriod,
  type BonusSummary,
  type CloseRow,
  closeRows,
  compareRuns,
  type PeriodAct,
  type PeriodOutcome,
  type PeriodState,
  paidMinor,
  type RunComparison,
  summarize,
} from "./runs.ts";
export type { CloseEntry } from "./till.ts";
export {
  type BookingPeriod,
  type Destination,
  destinationOf,
  isNothing,
  type OrderFacts,
  type OrderVolume,
  type VolumeKey,
  type Volumes,
  volumeDifferences,
} from "./volume-booking.ts";
