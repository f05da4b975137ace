/** The ways of being wrong that the suite has to see. Each was, or could be, a fault that lets `ok: true` through. */

export type Platform = "woocommerce" | "magento";

export interface HubMutant {
  /** The platform whose connector it is about; every platform's where absent. */
  readonly platform?: Platform;
  readonly file: string;
  /** The exported function that is exchanged. */
  readonly exchanges: string;
  /** JavaScript: makes the wrong function of the real one. */
  readonly by: string;
}

/** What is wrong inside of the hub. */
export const HUB_MUTANTS: Readonly<Record<string, HubMutant>> = {
  "all orders to one distributor": {
    file: "packages/core/src/attribution.ts",
    exchanges: "attribute",
    by: `(real) => (input) => {
      const attribution = real(input);
      return attribution.distributorId === null ? attribution : { ...attribution, distributorId: "CARLA" };
    }`,
  },
  "partial refunds forgotten": {
    platform: "woocommerce",
    file: "connectors/woocommerce/src/refunds.ts",
    exchanges: "refundsOf",
    by: `(real) => (parts) => {
      const refunds = real(parts);
      const back = refunds.reduce((sum, { amountMinor }) => sum + Number(amountMinor), 0);
      return back >= Math.round(Number(parts.order.total) * 100) ? refunds : [];
    }`,
  },
  "credit memos forgotten": {
    platform: "magento",
    file: "connectors/magento/src/refunds.ts",
    exchanges: "refundsOf",
    by: "() => () => []",
  },
  "a wrong rate at level 2": {
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
};

/** What is wrong on the way to it, as a hub would be that behaves so: see `gate.ts`. */
export const GATE_MUTANTS = ["the last state dropped", "a copy accepted"] as const;
export type GateMutant = (typeof GATE_MUTANTS)[number];

/** What is wrong inside of the hub, as far as a platform's shop can show it. */
export function mutantsOf(platform: Platform): string[] {
  return Object.entries(HUB_MUTANTS)
    .filter(([, mutant]) => mutant.platform === undefined || mutant.platform === platform)
    .map(([name]) => name);
}
