import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { among, bytes, checked, companyId, filled, int8, moment } from "./columns.ts";
import { companies } from "./companies.ts";
import { distributors } from "./network.ts";
import { app, ownCompany, people as peopleRole } from "./roles.ts";

/**
 * People, and what they sign in with. A person is nobody's in particular: the same one may work for several companies, or sell for
 * them. So none of these rows is shown to the role of a company (`upline_app`), nor to the door's (`upline_gate`), which strangers
 * talk to: they are the business of a role of their own, `upline_people`, under a login of its own. What a company sees of a person
 * is the name and the place that it gave: `company_people`.
 *
 * The library of sign-ins (better-auth) reads and writes the first six tables; which columns are its is said in `people/open-auth.ts`.
 */

/** What somebody may do for a company. */
export const ROLES = ["owner", "admin", "finance", "support", "viewer", "distributor"] as const;
export type Role = (typeof ROLES)[number];

const anyPerson = () => pgPolicy("any_person", { to: peopleRole, using: sql`true`, withCheck: sql`true` });
const ownPerson = () =>
  pgPolicy("own_company", {
    for: "select",
    to: app,
    using: sql`exists (select from company_people seat where seat.person_id = people.person_id and seat.role <> 'distributor')`,
  });
const changedAt = () => moment("changed_at").notNull().defaultNow();
const createdAt = () => moment("created_at").notNull().defaultNow();
const personId = () => text("person_id").notNull();

export const people = pgTable(
  "people",
  {
    id: text("person_id").primaryKey(),
    name: text("name").notNull(),
    /** In small letters; whoever signs in with it has shown that it is theirs. */
    email: text("email").notNull().unique(),
    emailVerified: boolean("email_verified").notNull().default(false),
    image: text("image"),
    totpEnabled: boolean("totp_enabled").notNull().default(false),
    createdAt: createdAt(),
    changedAt: changedAt(),
  },
  (t) => [filled(t.name), checked(t.email, sql`${t.email} = lower(${t.email}) and ${t.email} <> ''`), anyPerson(), ownPerson()],
);
export type Person = typeof people.$inferSelect;

/** Who is signed in, and where. The token is worth nothing without its signature, which is in the cookie only. */
export const personSessions = pgTable(
  "person_sessions",
  {
    id: text("session_id").primaryKey(),
    personId: personId().references(() => people.id, { onDelete: "cascade" }),
    token: text("token").notNull().unique(),
    expiresAt: moment("expires_at").notNull(),
    ipAddress: text("ip_address"),
    browser: text("browser"),
    createdAt: createdAt(),
    changedAt: changedAt(),
  },
  (t) => [index("person_sessions_by_person").on(t.personId), anyPerson()],
);
export type PersonSession = typeof personSessions.$inferSelect;

/** Passwords, hashed with scrypt. The library keeps accounts of other services in the same place; there are none. */
export const personCredentials = pgTable(
  "person_credentials",
  {
    id: text("credential_id").primaryKey(),
    personId: personId().references(() => people.id, { onDelete: "cascade" }),
    providerId: text("provider_id").notNull(),
    accountId: text("account_id").notNull(),
    password: text("password"),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: moment("access_token_expires_at"),
    refreshTokenExpiresAt: moment("refresh_token_expires_at"),
    scope: text("scope"),
    createdAt: createdAt(),
    changedAt: changedAt(),
  },
  (t) => [uniqueIndex("person_credentials_by_person").on(t.personId, t.providerId), anyPerson()],
);

/** What was sent out to be shown again, such as the links of mails: by hashes, and for a while. */
export const personVerifications = pgTable(
  "person_verifications",
  {
    id: text("verification_id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: moment("expires_at").notNull(),
    createdAt: createdAt(),
    changedAt: changedAt(),
  },
  (t) => [index("person_verifications_by_identifier").on(t.identifier), anyPerson()],
);

/** Codes by the clock (TOTP): secret and spare codes, encrypted. */
export const personTotp = pgTable(
  "person_totp",
  {
    id: text("totp_id").primaryKey(),
    personId: personId().references(() => people.id, { onDelete: "cascade" }),
    secret: text("secret").notNull(),
    backupCodes: text("backup_codes").notNull(),
    verified: boolean("verified").notNull().default(false),
    failedVerificationCount: integer("failed_verification_count").notNull().default(0),
    lockedUntil: moment("locked_until"),
  },
  (t) => [uniqueIndex("person_totp_by_person").on(t.personId), anyPerson()],
);

export const personPasskeys = pgTable(
  "person_passkeys",
  {
    id: text("passkey_id").primaryKey(),
    personId: personId().references(() => people.id, { onDelete: "cascade" }),
    name: text("name"),
    publicKey: text("public_key").notNull(),
    credentialId: text("credential_id").notNull().unique(),
    counter: bigint("counter", { mode: "number" }).notNull(),
    deviceType: text("device_type").notNull(),
    backedUp: boolean("backed_up").notNull(),
    transports: text("transports"),
    aaguid: text("aaguid"),
    createdAt: moment("created_at").defaultNow(),
  },
  (t) => [index("person_passkeys_by_person").on(t.personId), anyPerson()],
);

/** Who works for a company, as what; or sells for it, as which distributor. One distributor is one person's. */
export const companyPeople = pgTable(
  "company_people",
  {
    companyId: companyId().references(() => companies.companyId),
    seatNo: int8("seat_no").notNull().generatedAlwaysAsIdentity(),
    personId: personId().references(() => people.id),
    role: text("role", { enum: ROLES }).notNull(),
    distributorNo: integer("distributor_no"),
    createdAt: createdAt(),
    revokedAt: moment("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.seatNo] }),
    foreignKey({
      name: "company_people_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    uniqueIndex("company_people_by_person")
      .on(t.personId, t.companyId, sql`(${t.role} = 'distributor')`)
      .where(sql`${t.revokedAt} is null`),
    index("company_people_staff").on(t.companyId).where(sql`${t.role} <> 'distributor'`),
    uniqueIndex("company_people_by_distributor").on(t.companyId, t.distributorNo).where(sql`${t.revokedAt} is null`),
    among(t.role, ROLES),
    check("company_people_sells_as", sql`(${t.role} = 'distributor') = (${t.distributorNo} is not null)`),
    anyPerson(),
    ownCompany(),
  ],
);
export type CompanyPerson = typeof companyPeople.$inferSelect;

/** One-time links and codes that lead to a place: invitations of a company, and a distributor's own claim. Here are hashes. */
export const INVITATION_KINDS = ["invitation", "claim", "code"] as const;

export const invitations = pgTable(
  "invitations",
  {
    companyId: companyId().references(() => companies.companyId),
    invitationNo: int8("invitation_no").notNull().generatedAlwaysAsIdentity(),
    /** `code`: what an admin hands to a distributor, which asks for a claim and is used with it. */
    kind: text("kind", { enum: INVITATION_KINDS }).notNull(),
    tokenHash: bytes("token_hash").notNull().unique(),
    /** Null of a code: whoever has it types theirs. */
    email: text("email"),
    role: text("role", { enum: ROLES }).notNull(),
    distributorNo: integer("distributor_no"),
    /** Of a claim that a code asked for: the code, which is used when the claim is. */
    codeNo: int8("code_no"),
    invitedBy: text("invited_by").notNull(),
    createdAt: createdAt(),
    expiresAt: moment("expires_at").notNull(),
    usedAt: moment("used_at"),
    revokedAt: moment("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.invitationNo] }),
    foreignKey({
      name: "invitations_distributor",
      columns: [t.companyId, t.distributorNo],
      foreignColumns: [distributors.companyId, distributors.distributorNo],
    }),
    index("invitations_of_staff").on(t.companyId, t.invitationNo).where(sql`${t.kind} = 'invitation'`),
    index("invitations_by_distributor").on(t.companyId, t.distributorNo).where(sql`${t.distributorNo} is not null`),
    among(t.kind, INVITATION_KINDS),
    among(t.role, ROLES),
    check("invitations_to_whom", sql`(${t.kind} = 'code') = (${t.email} is null)`),
    check("invitations_sells_as", sql`(${t.role} = 'distributor') = (${t.distributorNo} is not null)`),
    anyPerson(),
  ],
);
export type Invitation = typeof invitations.$inferSelect;

/** How often something was tried of late, by a hash of who and what. */
export const signInAttempts = pgTable(
  "sign_in_attempts",
  {
    attemptHash: bytes("attempt_hash").primaryKey(),
    startedAt: moment("started_at").notNull(),
    tries: integer("tries").notNull(),
  },
  (t) => [index("sign_in_attempts_by_start").on(t.startedAt), anyPerson()],
);
