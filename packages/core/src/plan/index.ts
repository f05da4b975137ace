export { compilePlan } from "./compile.ts";
export { type ExplainedStep, explainCommission, explainDistributor, explainStep } from "./explain.ts";
export { planHash } from "./hash.ts";
export { definePlan, PlanError, type PlanProblem, parsePlan } from "./parse.ts";
export { formatVolume, volumeOf } from "./parts.ts";
export { type Bonus, type BonusKind, type CommissionClass, PLAN_FORMAT, type Plan, planDocument, type Rank } from "./schema.ts";
export { sha256Hex } from "./sha256.ts";
