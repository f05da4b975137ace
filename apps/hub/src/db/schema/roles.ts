import { sql } from "drizzle-orm";
import { pgPolicy, pgRole } from "drizzle-orm/pg-core";

/** Roles belong to the whole cluster, so the first migration makes them where they are missing: `existing` here. */

/** Everything of one company: sees the rows of the company its transaction was opened for. */
export const app = pgRole("upline_app").existing();
/** The door: finds a store or an API key before the company is known, and writes the inbox. */
export const gate = pgRole("upline_gate").existing();
/** Who people are and what they sign in with, of no company in particular. */
export const people = pgRole("upline_people").existing();

const own = sql`company_id = (select current_company())`;
export const ownCompany = () => pgPolicy("own_company", { to: app, using: own, withCheck: own });
export const anyCompany = () => pgPolicy("any_company", { to: gate, using: sql`true`, withCheck: sql`true` });
/** Nobody but who signs people in: what a company's row is to them. */
export const anyCompanyForPeople = () =>
  pgPolicy("any_company_for_people", { to: people, using: sql`true`, withCheck: sql`true` });
