import type { CommissionableLine, CommissionInput, UplineDistributor } from "../order-facts.ts";
import type { Plan } from "./schema.ts";

/** Small builders for tests: a plan, an upline and an order with little to say, to be overridden. */

export function planOf(overrides: Partial<Plan>): Plan {
  return {
    format: "upline-plan/1",
    id: "test",
    name: "Test plan",
    version: 1,
    timeZone: "UTC",
    rounding: "half-up",
    ownPurchase: "pays-upline",
    cvRates: { "*": "1" },
    active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
    ranks: [],
    commissionClasses: [{ id: "standard", name: "Standard" }],
    bonuses: [],
    ...overrides,
  };
}

export function rankOf(id: string, name = id): Plan["ranks"][number] {
  return { id, name, requires: {} };
}

export function distributorOf(distributorId: string, overrides: Partial<UplineDistributor> = {}): UplineDistributor {
  return {
    distributorId,
    status: "active",
    rank: null,
    periodPv: null,
    enrolledAt: "2026-01-01T00:00:00Z",
    country: null,
    ...overrides,
  };
}

export function lineOf(overrides: Partial<CommissionableLine> = {}): CommissionableLine {
  return {
    lineId: "1",
    commissionClass: "standard",
    quantity: 1,
    netMinor: 0n,
    pv: 0n,
    qv: 0n,
    cv: 0n,
    retailMarginMinor: null,
    ...overrides,
  };
}

export function orderOf(plan: Plan, overrides: Partial<CommissionInput>): CommissionInput {
  return {
    plan,
    orderId: "o1",
    placedAt: "2026-06-01T12:00:00Z",
    currency: "USD",
    market: "US",
    buyer: "customer",
    firstOrder: false,
    lines: [lineOf()],
    upline: [],
    ...overrides,
  };
}
