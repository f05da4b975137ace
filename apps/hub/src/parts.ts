import type { Database } from "./db/connect.ts";
import type { Env } from "./env.ts";
import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { SecretBox } from "./secret-box.ts";

/** What every room is built from. What only some rooms need (the door, the pipeline, the worker) is handed to those. */
export interface HubParts {
  readonly env: Env;
  readonly db: Database;
  readonly box: SecretBox;
  readonly log: Logger;
  readonly metrics: Metrics;
}
