/** Ways of being wrong that the suite has to see: each would be a fault that lets `"ok":true` through otherwise. */

export interface Mutant {
  readonly inside: "hub" | "app";
  readonly file: string;
  /** The exported function that is exchanged. */
  readonly exchanges: string;
  /** JavaScript: makes the wrong function of the real one. */
  readonly by: string;
}

export const MUTANTS: Readonly<Record<string, Mutant>> = {
  "all orders to one distributor": {
    inside: "hub",
    file: "packages/core/src/attribution.ts",
    exchanges: "attribute",
    by: `(real) => (input) => {
      const attribution = real(input);
      return attribution.distributorId === null ? attribution : { ...attribution, distributorId: "CARLA" };
    }`,
  },
  "refunds ignored": {
    inside: "hub",
    file: "connectors/shopify/src/refunds.ts",
    exchanges: "refundsOf",
    by: "() => () => []",
  },
  "tax left in the net": {
    inside: "hub",
    file: "packages/core/src/net.ts",
    exchanges: "netOfLine",
    by: `(real) => (line) => real({ ...line, includedTaxMinor: 0n })`,
  },
  "a wrong rate at level 2": {
    inside: "hub",
    file: "packages/core/src/commission.ts",
    exchanges: "computeCommissions",
    by: `(real) => (input) => {
      const computation = real(input);
      const entries = computation.entries.map((entry) =>
        entry.level === 2 ? { ...entry, amountMinor: (entry.amountMinor * 6n) / 5n } : entry,
      );
      return { ...computation, entries };
    }`,
  },
  "webhooks of another shop accepted": {
    inside: "hub",
    file: "connectors/shopify/src/shop.ts",
    exchanges: "shopOfBody",
    by: `(real) => (body, topic) => (real(body, topic) === null ? null : "greenleaf.myshopify.com")`,
  },
  "discount codes not read": {
    inside: "hub",
    file: "connectors/shopify/src/evidence.ts",
    exchanges: "evidenceOf",
    by: `(real) => (order, settings) => real(order, settings).filter(({ source }) => source !== "discount-code")`,
  },
};
