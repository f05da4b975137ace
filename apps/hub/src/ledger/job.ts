import { listCompanies } from "../companies/queries.ts";
import { asCompany } from "../db/connect.ts";
import type { Job } from "../jobs/job.ts";
import type { HubParts } from "../parts.ts";
import { foldLedger, hasUnfolded } from "./fold.ts";

/** Of a company as a whole. */
const SUBJECT = "company";

/** Folds new transfers and changed orders into balances and daily figures, which answer from there and from the few that are newer. */
export function foldLedgerJob(parts: Pick<HubParts, "db" | "env">): Job {
  return {
    name: "fold-ledger",
    about:
      "Folds new transfers and what orders changed into balances and daily figures, so that nobody who asks for one sums the whole ledger.",
    everyMinutes: parts.env.foldMinutes,
    atOnce: 1,
    retries: { limit: 3, delaySeconds: 10 },
    due: async () => {
      const companies = await listCompanies(parts.db.gate);
      const due = await Promise.all(
        companies.map(({ companyId }) => asCompany(parts.db, companyId, (tx) => hasUnfolded(tx, companyId))),
      );
      return companies.filter((_, index) => due[index]).map(({ companyId }) => ({ companyId, subject: SUBJECT }));
    },
    targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
    run: async ({ companyId }, signal) => {
      const rows = await foldLedger({ app: parts.db.long }, { companyId, goesOn: () => !signal.aborted });
      signal.throwIfAborted();
      return rows === 1 ? "1 transfer folded." : `${rows} transfers folded.`;
    },
  };
}
