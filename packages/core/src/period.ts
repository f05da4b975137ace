/** The period engine, for whoever gathers its input: the close, its columns, placement trees. */
export * from "./period/close.ts";
export * from "./period/input.ts";
export type { RankFacts, RankOutcome } from "./period/ranks.ts";
export type { CloseEntry } from "./period/till.ts";
export * from "./placement.ts";
