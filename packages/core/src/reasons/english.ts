import { CLOSES } from "./english-closes.ts";
import { CONDITIONS } from "./english-conditions.ts";
import { DELIVERIES } from "./english-deliveries.ts";
import { NOTHING } from "./english-nothing.ts";
import { ORDERS } from "./english-orders.ts";
import { PLANS } from "./english-plans.ts";
import { SHOPS } from "./english-shops.ts";

/** Everything that is told of orders, deliveries, closes, plans and stores, in plain English: what the API and the command line say. */
export const ENGLISH = { ...ORDERS, ...NOTHING, ...CONDITIONS, ...CLOSES, ...DELIVERIES, ...PLANS, ...SHOPS };
