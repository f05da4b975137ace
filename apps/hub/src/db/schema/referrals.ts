import { sql } from "drizzle-orm";
import { date, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { companyId, filled, int8, json, moment } from "./columns.ts";
import { companies } from "./companies.ts";
import { distributors } from "./network.ts";
import { ownCompany } from "./roles.ts";

/** Links with a name of their own: a code with a place to go to, tags of a campaign, and an end. Every code is a link by itself. */
export const referralLinks = pgTable(
  "referral_links",
  {
    companyId: companyId().references(() => companies.companyId),
    linkNo: int8("link_no").notNull().generatedAlwaysAsIdentity(),
    name: text("name").notNull(),
    foldedName: text("folded_name").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    code: text("code").notNull(),
    /** Null: the shop that the call asks for, or the company's first one. */
    storeId: text("store_id"),
    path: text("path").notNull().default("/"),
    tags: json("tags").notNull().default({}),
    expiresAt: moment("expires_at"),
    madeBy: text("made_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    revokedAt: moment("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.linkNo] }),
    foreignKey({
      name: "referral_links_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    uniqueIndex("referral_links_by_name").on(t.companyId, t.foldedName).where(sql`${t.revokedAt} is null`),
    index("referral_links_by_distributor").on(t.companyId, t.distributorNo, t.linkNo),
    filled(t.foldedName),
    ownCompany(),
  ],
);
export type ReferralLink = typeof referralLinks.$inferSelect;

/** Clicks by day, code and link; link 0 is the code itself. What leads to nobody is counted under no code. */
export const referralClicks = pgTable(
  "referral_clicks",
  {
    companyId: companyId().references(() => companies.companyId),
    day: date("day").notNull(),
    foldedCode: text("folded_code").notNull(),
    linkNo: int8("link_no").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    clicks: integer("clicks").notNull(),
    /** Of the clicks, those by somebody who had not come that day. */
    visitors: integer("visitors").notNull(),
    /** Not among the clicks. */
    bots: integer("bots").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.day, t.foldedCode, t.linkNo] }),
    index("referral_clicks_by_distributor").on(t.companyId, t.distributorNo, t.day),
    ownCompany(),
  ],
);
export type ReferralClicks = typeof referralClicks.$inferSelect;

/** Who came today, by hashes that are another person's tomorrow; gone with the day. */
export const referralVisitors = pgTable(
  "referral_visitors",
  {
    companyId: companyId(),
    day: date("day").notNull(),
    foldedCode: text("folded_code").notNull(),
    linkNo: int8("link_no").notNull(),
    visitorHash: text("visitor_hash").notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.day, t.foldedCode, t.linkNo, t.visitorHash] }), ownCompany()],
);
