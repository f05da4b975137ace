/**
 * Facts of money that every platform can tell, each in its own words: the same fact is the same net. A connector's
 * contract test tells each of them once (`facts`); where one cannot be told, it says so with null.
 *
 * The goods are A for 60.00 and B for 40.00 in EUR, without tax or shipping, earned, unless the fact says otherwise.
 * Figures are minor units as decimal strings, by SKU.
 */

export interface SharedFact {
  readonly says: string;
  readonly net: Readonly<Record<string, string>>;
  readonly refunded: Readonly<Record<string, string>>;
  readonly stage?: string;
}

const WHOLE = { A: "6000", B: "4000" };
const NONE = { A: "0", B: "0" };

export const SHARED_FACTS = {
  goodwill: { says: "20.00 paid back that name no goods", net: WHOLE, refunded: { A: "1200", B: "800" } },
  "goodwill-then-line": {
    says: "10.00 paid back that name no goods, later B given back by its line: B is back, the 10.00 stay on A",
    net: WHOLE,
    refunded: { A: "1000", B: "4000" },
  },
  "credit-paid": {
    says: "a gift card or store credit paid 60.00 of the 100.00; B given back by its line, and 40.00 moved",
    net: WHOLE,
    refunded: { A: "0", B: "4000" },
  },
  "credit-paid-amount": {
    says: "a gift card or store credit paid 60.00 of the 100.00; 40.00 paid back that name no goods",
    net: WHOLE,
    refunded: { A: "2400", B: "1600" },
  },
  "told-twice": { says: "one refund of 20.00 by amount, listed twice", net: WHOLE, refunded: { A: "1200", B: "800" } },
  "link-lost": { says: "40.00 of goods given back whose line cannot be told", net: WHOLE, refunded: { A: "2400", B: "1600" } },
  "fee-kept": {
    says: "B given back for 35.00, 5.00 kept as a fee; the 5.00 paid out later",
    net: WHOLE,
    refunded: { A: "0", B: "4000" },
  },
  "raised-price": { says: "A's discount is 5.00 below zero", net: { A: "6500", B: "4000" }, refunded: NONE },
  chargeback: { says: "a status that the store maps to chargeback", net: WHOLE, refunded: NONE, stage: "void:chargeback" },
  "all-by-lines": { says: "A and B given back by their lines, one by one", net: WHOLE, refunded: WHOLE },
} as const satisfies Record<string, SharedFact>;

export type SharedFactName = keyof typeof SHARED_FACTS;
