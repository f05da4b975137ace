import { sql } from "drizzle-orm";
import { check, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { among, companyId, filled, int8, moment, PLATFORMS, recordedAt } from "./columns.ts";
import { companies } from "./companies.ts";
import { ownCompany } from "./roles.ts";

/** Which of the company's SKUs a platform's SKU or variant is, and its volumes, from when on. Append-only. */
export const skuMap = pgTable(
  "sku_map",
  {
    companyId: companyId().references(() => companies.companyId),
    mappingNo: int8("mapping_no").notNull().generatedAlwaysAsIdentity(),
    skuId: text("sku_id").notNull(),
    platform: text("platform", { enum: PLATFORMS }).notNull(),
    platformSku: text("platform_sku").notNull().default(""),
    variantId: text("variant_id"),
    name: text("name").notNull(),
    category: text("category").notNull().default(""),
    commissionClass: text("commission_class").notNull(),
    pv: text("pv").notNull(),
    qv: text("qv").notNull(),
    cv: text("cv").notNull(),
    retailMargin: text("retail_margin"),
    validFrom: moment("valid_from").notNull(),
    recordedAt: recordedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.mappingNo] }),
    index("sku_map_by_sku").on(t.companyId, t.platform, t.platformSku),
    index("sku_map_by_fragment").using(
      "gin",
      sql`(lower(${t.skuId} || ' ' || ${t.platformSku} || ' ' || ${t.name})) extensions.gin_trgm_ops`,
    ),
    filled(t.skuId),
    among(t.platform, PLATFORMS),
    filled(t.commissionClass),
    check("sku_map_check", sql`${t.platformSku} <> '' or ${t.variantId} is not null`),
    ownCompany(),
  ],
);
export type SkuMapping = typeof skuMap.$inferSelect;
