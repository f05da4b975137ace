import { boolean, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { among, companyId, json, moment } from "./columns.ts";
import { ownCompany } from "./roles.ts";

export const IMPORT_KINDS = ["people", "sku-map"] as const;
/** `reading` looks the file through, `writing` writes its lines, `computing` goes through what waited for them. */
export const IMPORT_STAGES = ["reading", "writing", "computing", "done", "failed"] as const;

/** How far the newest import of a file is, of each kind: written beside the import's own transaction, so that people see it move. */
export const importProgress = pgTable(
  "import_progress",
  {
    companyId: companyId(),
    kind: text("kind", { enum: IMPORT_KINDS }).notNull(),
    /** As the file is called where it was chosen; "" where nobody said. */
    fileName: text("file_name").notNull(),
    actor: text("actor").notNull(),
    stage: text("stage", { enum: IMPORT_STAGES }).notNull(),
    /** Lines that are written, of so many to write. */
    done: integer("done").notNull(),
    total: integer("total").notNull(),
    /** What came of it, as its act answered; null until it is done. */
    told: json("told"),
    /** Why it failed, in a sentence. */
    problem: text("problem"),
    /** Orders of people whom it made known may wait to be computed: from its beginning on, until they were gone through. */
    leavesOrders: boolean("leaves_orders").notNull().default(false),
    startedAt: moment("started_at").notNull(),
    /** A hub that is at it says so every few seconds. */
    heardAt: moment("heard_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.kind] }),
    among(t.kind, IMPORT_KINDS),
    among(t.stage, IMPORT_STAGES),
    ownCompany(),
  ],
);
export type ImportProgressRow = typeof importProgress.$inferSelect;
