import type { Sentence } from "./sentence.ts";

/** Why no distributor is paid for an order at its own time, and what to do about it. */
export const NOTHING = {
  "nothing-yet": (f) => `the status "${f.status}" does not earn yet: send the order again once it is paid`,
  "nothing-void": (f) => `the status "${f.status}" takes everything back`,
  "nothing-without-plan": (f) => `no compensation plan was in force at ${f.at}: publish one that is in force from then`,
  "nothing-without-rate": (f) =>
    `there is no rate from ${f.from} to ${f.to} on its day: \`pnpm upline rate set ${f.from} ${f.to} <rate> --from-day <day>\`, and the order is computed`,
  "nothing-unmapped": (f) => `no SKU mapping covers ${f.skus}: map it, and the order is computed again`,
  "nothing-of-nothing": () => "the net amount is 0",
  "nothing-for-nobody": (_, [why]) => `it belongs to no distributor: ${why}`,
  "nothing-for-oneself": () => "it is an own purchase, and the plan pays nobody for it at the time of the order",
  "nothing-now": (f) =>
    `plan "${f.plan}" pays nobody for it at the time of the order: nobody qualified, or its bonuses are paid at a period's close`,
} as const satisfies Record<string, Sentence>;
