import type { Database } from "./db/connect.ts";
import type { Env } from "./env.ts";
import type { Door } from "./ingest/door.ts";
import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { PipelineContext } from "./pipeline/process.ts";
import type { Worker } from "./pipeline/worker.ts";
import type { SecretBox } from "./secret-box.ts";

/** What routes and jobs are built from. */
export interface HubParts {
  readonly env: Env;
  readonly db: Database;
  readonly box: SecretBox;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly door: Door;
  readonly pipeline: PipelineContext;
  readonly worker: Worker;
}
