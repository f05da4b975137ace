import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, smallint, text, unique } from "drizzle-orm/pg-core";
import { among, bytes, checked, companyId, filled, int8, moment, recordedAt } from "./columns.ts";
import { companies } from "./companies.ts";
import { ownCompany } from "./roles.ts";

export const DISTRIBUTOR_STATUSES = ["active", "inactive", "suspended", "terminated"] as const;
/** By what a distributor can be recognised as a buyer. */
export const IDENTITY_KINDS = ["email", "customer", "phone"] as const;
export const SPILLOVERS = ["breadth-first", "depth-first", "fewest-children", "leftmost", "rightmost"] as const;
export const PLACED_WITHIN = ["anywhere", "sponsor-line"] as const;

export const distributors = pgTable(
  "distributors",
  {
    companyId: companyId().references(() => companies.companyId),
    /** Dense per company: workers hold the trees as arrays over it. 0 is the company itself. */
    distributorNo: integer("distributor_no").notNull(),
    distributorId: text("distributor_id").notNull(),
    name: text("name").notNull().default(""),
    country: text("country"),
    taxIdCiphertext: bytes("tax_id_ciphertext"),
    enrolledAt: moment("enrolled_at").notNull(),
    version: int8("version").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.distributorNo] }),
    unique().on(t.companyId, t.distributorId),
    index("distributors_by_version").on(t.companyId, t.version),
    // To find somebody by any part of their name or id: three letters at a time (pg_trgm).
    index("distributors_by_fragment").using("gin", sql`(lower(${t.name} || ' ' || ${t.distributorId})) extensions.gin_trgm_ops`),
    index("distributors_by_id_prefix").on(t.companyId, t.distributorId.op("text_pattern_ops")),
    checked(t.distributorNo, sql`${t.distributorNo} > 0`),
    filled(t.distributorId),
    checked(t.country, sql`${t.country} ~ '^[A-Z]{2}$'`),
    ownCompany(),
  ],
);
export type Distributor = typeof distributors.$inferSelect;

/** Who sponsors whom, from when on. An audited correction is a new row with a later recorded_at. Append-only. */
export const sponsorEdges = pgTable(
  "sponsor_edges",
  {
    companyId: companyId(),
    edgeNo: int8("edge_no").notNull().generatedAlwaysAsIdentity(),
    distributorNo: integer("distributor_no").notNull(),
    sponsorNo: integer("sponsor_no").notNull().default(0),
    validFrom: moment("valid_from").notNull(),
    version: int8("version").notNull(),
    /** Who moved somebody, and why, in their words; null where the row came with an enrolment or an import. */
    actor: text("actor"),
    reason: text("reason"),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.edgeNo] }),
    foreignKey({
      name: "sponsor_edges_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    index("sponsor_edges_by_distributor").on(t.companyId, t.distributorNo, t.validFrom),
    index("sponsor_edges_by_sponsor").on(t.companyId, t.sponsorNo),
    index("sponsor_edges_by_version").on(t.companyId, t.version),
    checked(t.sponsorNo, sql`${t.sponsorNo} <> ${t.distributorNo}`),
    ownCompany(),
  ],
);
export type SponsorEdge = typeof sponsorEdges.$inferSelect;

/** What people of the company write down about a distributor, for each other: no distributor reads it. Its author may put it right. */
export const distributorNotes = pgTable(
  "distributor_notes",
  {
    companyId: companyId(),
    noteNo: int8("note_no").notNull().generatedAlwaysAsIdentity(),
    distributorNo: integer("distributor_no").notNull(),
    body: text("body").notNull(),
    actor: text("actor").notNull(),
    recordedAt: recordedAt(),
    changedAt: moment("changed_at"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.noteNo] }),
    foreignKey({
      name: "distributor_notes_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    index("distributor_notes_by_distributor").on(t.companyId, t.distributorNo, t.noteNo),
    checked(t.body, sql`char_length(${t.body}) between 1 and 4000`),
    ownCompany(),
  ],
);
export type DistributorNote = typeof distributorNotes.$inferSelect;

/**
 * Status, rank and last closed period's volume of a distributor, from when on. Append-only. That its distributors exist is
 * looked up once for each statement (trigger `known_distributors`): a close adds a million, and a key would look, and lock, row by row.
 */
export const standings = pgTable(
  "standings",
  {
    companyId: companyId(),
    standingNo: int8("standing_no").notNull().generatedAlwaysAsIdentity(),
    distributorNo: integer("distributor_no").notNull(),
    status: text("status", { enum: DISTRIBUTOR_STATUSES }).notNull(),
    rank: text("rank"),
    periodPv: int8("period_pv"),
    validFrom: moment("valid_from").notNull(),
    version: int8("version").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.standingNo] }),
    index("standings_by_distributor").on(t.companyId, t.distributorNo, t.validFrom),
    index("standings_by_version").on(t.companyId, t.version),
    among(t.status, DISTRIBUTOR_STATUSES),
    ownCompany(),
  ],
);
export type Standing = typeof standings.$inferSelect;

/**
 * What a close found of somebody that orders from its period's end on ask for: the title, and the plan's measures as JSON. Of
 * two from one moment the later one counts, which a run that supersedes wrote. Append-only.
 */
export const judgements = pgTable(
  "judgements",
  {
    companyId: companyId(),
    judgementNo: int8("judgement_no").notNull().generatedAlwaysAsIdentity(),
    distributorNo: integer("distributor_no").notNull(),
    /** A rank's id, and by measure ten-thousandths as text; "{}" is nothing. */
    found: text("found").notNull(),
    validFrom: moment("valid_from").notNull(),
    version: int8("version").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.judgementNo] }),
    index("judgements_by_version").on(t.companyId, t.version),
    index("judgements_by_distributor").on(t.companyId, t.distributorNo, t.validFrom),
    ownCompany(),
  ],
);

export const referralCodes = pgTable(
  "referral_codes",
  {
    companyId: companyId(),
    foldedCode: text("folded_code").notNull(),
    code: text("code").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    version: int8("version").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.foldedCode] }),
    foreignKey({
      name: "referral_codes_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    index("referral_codes_by_distributor").on(t.companyId, t.distributorNo),
    index("referral_codes_by_fragment").using("gin", sql`${t.foldedCode} extensions.gin_trgm_ops`),
    index("referral_codes_by_prefix").on(t.companyId, t.foldedCode.op("text_pattern_ops")),
    index("referral_codes_by_version").on(t.companyId, t.version),
    filled(t.foldedCode),
    ownCompany(),
  ],
);
export type ReferralCode = typeof referralCodes.$inferSelect;

/** Which buyers are distributors themselves, by the same keyed hashes as on orders; an account is known in one store. */
export const distributorBuyers = pgTable(
  "distributor_buyers",
  {
    companyId: companyId(),
    buyerHash: text("buyer_hash").notNull(),
    kind: text("kind", { enum: IDENTITY_KINDS }).notNull().default("email"),
    /** Of a customer id: the store it is of. */
    storeId: text("store_id"),
    distributorNo: integer("distributor_no").notNull(),
    version: int8("version").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.buyerHash] }),
    foreignKey({
      name: "distributor_buyers_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    index("distributor_buyers_by_distributor").on(t.companyId, t.distributorNo),
    index("distributor_buyers_by_version").on(t.companyId, t.version),
    among(t.kind, IDENTITY_KINDS),
    check("distributor_buyers_of_a_store", sql`(${t.kind} = 'customer') = (${t.storeId} is not null)`),
    ownCompany(),
  ],
);
export type DistributorBuyer = typeof distributorBuyers.$inferSelect;

export const placementTrees = pgTable(
  "placement_trees",
  {
    companyId: companyId().references(() => companies.companyId),
    tree: text("tree").notNull(),
    width: smallint("width").notNull(),
    /** Levels below a distributor that spillover searches; null is without end. */
    depth: smallint("depth"),
    spillover: text("spillover", { enum: SPILLOVERS }).notNull(),
    /** So long a newcomer waits in the holding tank for a sponsor's choice, and may be moved after being placed. */
    windowDays: integer("window_days").notNull(),
    /** Where somebody may stand: anywhere, or only below their own sponsor. */
    within: text("within", { enum: PLACED_WITHIN }).notNull().default("anywhere"),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.tree] }),
    among(t.within, PLACED_WITHIN),
    checked(t.tree, sql`${t.tree} ~ '^[a-z0-9][a-z0-9._-]{0,62}$'`),
    checked(t.width, sql`${t.width} between 2 and 100`),
    checked(t.depth, sql`${t.depth} between 1 and 100`),
    among(t.spillover, SPILLOVERS),
    checked(t.windowDays, sql`${t.windowDays} between 0 and 366`),
    ownCompany(),
  ],
);
export type PlacementTree = typeof placementTrees.$inferSelect;

/** Who stands where, from when on. Whoever has no row waits in the holding tank. Parent 0 is the top of the tree. Append-only. */
export const placementEdges = pgTable(
  "placement_edges",
  {
    companyId: companyId(),
    edgeNo: int8("edge_no").notNull().generatedAlwaysAsIdentity(),
    tree: text("tree").notNull(),
    distributorNo: integer("distributor_no").notNull(),
    parentNo: integer("parent_no").notNull(),
    leg: smallint("leg").notNull(),
    validFrom: moment("valid_from").notNull(),
    version: int8("version").notNull(),
    actor: text("actor").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.edgeNo] }),
    foreignKey({
      name: "placement_edges_tree",
      columns: [t.companyId, t.tree],
      foreignColumns: [placementTrees.companyId, placementTrees.tree],
    }),
    foreignKey({
      name: "placement_edges_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    index("placement_edges_by_distributor").on(t.companyId, t.tree, t.distributorNo, t.edgeNo),
    index("placement_edges_by_parent").on(t.companyId, t.tree, t.parentNo),
    // Says of blocks of rows from when on they count: before a tree was begun, nobody stood in it.
    index("placement_edges_by_time").using("brin", t.validFrom).with({ autosummarize: true }),
    checked(t.parentNo, sql`${t.parentNo} <> ${t.distributorNo}`),
    checked(t.leg, sql`${t.leg} >= 0`),
    ownCompany(),
  ],
);
export type PlacementEdge = typeof placementEdges.$inferSelect;
