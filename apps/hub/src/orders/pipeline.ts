import type { Database } from "../db/connect.ts";
import { LedgerWords } from "../ledger/words.ts";
import type { HubParts } from "../parts.ts";
import type { SecretBox } from "../secret-box.ts";
import { DirectoryCache } from "./directory.ts";

/** What processing an order needs: the database, and what is known of each company in memory. */
export interface PipelineContext {
  readonly db: Database;
  readonly directories: DirectoryCache;
  readonly words: LedgerWords;
  /** Opens bodies of deliveries. */
  readonly box: SecretBox;
}

/** The parts of rooms that process orders. */
export interface OrderParts extends HubParts {
  readonly pipeline: PipelineContext;
}

export function openPipeline({ db, box }: Pick<HubParts, "db" | "box">): PipelineContext {
  return { db, box, directories: new DirectoryCache(db, box), words: new LedgerWords(db) };
}
