import type { ORDERS } from "./english-orders.ts";

/** What becomes of a level or a volume that somebody is kept from. */
export const FAMILIES = ["skipped", "unearned", "source-dropped", "source-rolled-up"] as const;
type Family = (typeof FAMILIES)[number];

type OrderKind = keyof typeof ORDERS;
type WhyOf<Kind> = Kind extends `why-${infer Why}` ? Why : never;

/** What a step of a walk can come to: whatever has a sentence, and nothing else compiles. */
export type StepOutcome = Exclude<OrderKind, Family | `why-${string}`> | `${Family}-${WhyOf<OrderKind>}`;
