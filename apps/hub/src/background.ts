import { redactJob } from "./buyers/job.ts";
import { forgetEnrolmentsJob } from "./enrolments/job.ts";
import { welcomeJob } from "./enrolments/welcome-job.ts";
import { forgetBodiesJob, pruneDeliveriesJob } from "./inbox/job.ts";
import type { Job } from "./jobs/job.ts";
import { foldLedgerJob } from "./ledger/job.ts";
import type { PipelineContext } from "./orders/pipeline.ts";
import { rebindBuyers } from "./orders/rebind.ts";
import { remapJob } from "./orders/remap-job.ts";
import type { PeopleParts } from "./people/invite.ts";
import { bookVolumesJob } from "./periods/job.ts";
import { pruneClicksJob } from "./referrals/job.ts";
import type { JobParts } from "./sync/feed.ts";
import { importJob, reconcileAllJob, reconcileJob } from "./sync/job.ts";

/** Everything that the hub does in the background, put together from the rooms that describe it. */
export function backgroundJobs(
  parts: JobParts & { readonly pipeline: PipelineContext; readonly people: PeopleParts },
): readonly Job[] {
  const rebind = (companyId: number, distributorId: string) => rebindBuyers(parts.pipeline, { companyId, distributorId });
  return [
    reconcileJob(parts),
    reconcileAllJob(parts),
    importJob(parts),
    bookVolumesJob(parts),
    remapJob(parts.pipeline),
    forgetBodiesJob(parts),
    pruneDeliveriesJob(parts),
    redactJob(parts),
    foldLedgerJob(parts),
    forgetEnrolmentsJob(parts),
    welcomeJob(parts.people, rebind),
    pruneClicksJob(parts),
  ];
}
