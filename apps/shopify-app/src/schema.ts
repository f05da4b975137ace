import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgSchema,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";

/** The app's own tables, in a schema of their own: they may share a database with the hub's and never meet them. */
export const SCHEMA = "shopify_app";
const own = pgSchema(SCHEMA);

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/**
 * What @shopify/shopify-app-session-storage-drizzle reads and writes, whole. The library names the properties; the table
 * in its README lacks the refresh token. Sessions are offline, so that nothing about a person is ever in here.
 */
export const sessions = own.table(
  "sessions",
  {
    id: text("id").primaryKey(),
    shop: text("shop").notNull(),
    state: text("state").notNull(),
    isOnline: boolean("is_online").notNull().default(false),
    scope: text("scope"),
    expires: moment("expires"),
    accessToken: text("access_token").notNull(),
    userId: bigint("user_id", { mode: "number" }),
    firstName: text("first_name"),
    lastName: text("last_name"),
    email: text("email"),
    accountOwner: boolean("account_owner"),
    locale: text("locale"),
    collaborator: boolean("collaborator"),
    emailVerified: boolean("email_verified"),
    refreshToken: text("refresh_token"),
    refreshTokenExpires: moment("refresh_token_expires"),
  },
  (table) => [index("sessions_by_shop").on(table.shop)],
);

/** A shop that has, or had, the app installed, and the company it belongs to. */
export const shops = own.table("shops", {
  shop: text("shop").primaryKey(),
  installedAt: moment("installed_at").notNull(),
  /** When Shopify last gave a token: the app was installed then, whatever an older message says. */
  provenAt: moment("proven_at").notNull(),
  uninstalledAt: moment("uninstalled_at"),
  /** When Shopify refused to renew the token: until the merchant opens the app, nobody gets one. */
  refusedAt: moment("refused_at"),
  shopId: text("shop_id"),
  name: text("name"),
  currency: text("currency"),
  timeZone: text("time_zone"),
  storeId: text("store_id"),
  companySlug: text("company_slug"),
  companyName: text("company_name"),
  /** The key of the shop at the hub, sealed. */
  hubKey: bytes("hub_key"),
  connectedAt: moment("connected_at"),
  /** The one discount that holds every distributor's code. */
  discountId: text("discount_id"),
  pixelId: text("pixel_id"),
});

/** What came from Shopify or from a buyer, and what became of it. Of a body only the ids are kept that the hub needs. */
export const deliveries = own.table(
  "deliveries",
  {
    deliveryNo: bigserial("delivery_no", { mode: "number" }).primaryKey(),
    shop: text("shop").notNull(),
    topic: text("topic").notNull(),
    webhookId: text("webhook_id").notNull(),
    triggeredAt: moment("triggered_at"),
    receivedAt: moment("received_at").notNull().defaultNow(),
    /** waiting: for the hub · passed on · nothing to pass on · refused by the hub, for good. */
    outcome: text("outcome", { enum: ["waiting", "passed", "nothing", "refused"] }).notNull(),
    /** Below /api/service/shops/{shop}. */
    address: text("address", { enum: ["hints", "uninstalled", "redactions", "evidence"] }),
    body: jsonb("body").$type<Readonly<Record<string, unknown>>>(),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: moment("next_attempt_at").notNull().defaultNow(),
    said: text("said"),
  },
  (table) => [
    unique("deliveries_once").on(table.shop, table.topic, table.webhookId),
    index("deliveries_waiting").on(table.nextAttemptAt).where(sql`${table.outcome} = 'waiting'`),
    index("deliveries_by_shop").on(table.shop, table.deliveryNo),
  ],
);

export type ShopRow = typeof shops.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;
export type DeliveryRow = typeof deliveries.$inferSelect;
