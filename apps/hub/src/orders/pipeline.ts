import type { Database } from "../db/connect.ts";
import { LedgerWords } from "../ledger/words.ts";
import type { HubParts } from "../parts.ts";
import type { SecretBox } from "../secret-box.ts";
import { DirectoryCache } from "./directories.ts";
import { OrderNumbers } from "./order-numbers.ts";
import { watchDirectories } from "./watch-directories.ts";

/** What processing an order needs: the database, and what is known of each company in memory. */
export interface PipelineContext {
  readonly db: Database;
  readonly directories: DirectoryCache;
  readonly words: LedgerWords;
  readonly numbers: OrderNumbers;
  /** Opens bodies of deliveries. */
  readonly box: SecretBox;
}

/** The parts of rooms that process orders. */
export interface OrderParts extends HubParts {
  readonly pipeline: PipelineContext;
}

/** The directories' memory and their progress are told where the parts of a running hub are given. */
export function openPipeline({ db, box, env, log, metrics }: Pick<HubParts, "db" | "box"> & Partial<HubParts>): PipelineContext {
  const options = {
    ...(env ? { maxBytes: env.directoryMb * 2 ** 20 } : {}),
    ...(log && metrics ? { watch: watchDirectories({ log, metrics }) } : {}),
  };
  const directories = new DirectoryCache(db, box, options);
  metrics?.showDirectories(() => directories.inMemory());
  return { db, box, directories, numbers: new OrderNumbers(), words: new LedgerWords(db) };
}
