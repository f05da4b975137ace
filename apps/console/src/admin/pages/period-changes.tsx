import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Scrolled } from "../../design/scrolled.tsx";
import { hub } from "../../shared/hub.ts";
import { isMissing } from "../../shared/problem.ts";
import type { PeriodDetail } from "./period-query.ts";

type Changes = BodyOf<Awaited<ReturnType<(typeof hub.periods)[":period_id"]["changes"]["$get"]>>>;

/** Whom the newest trial or proposal pays more or less than the run before it: a sentence below the runs, and behind it who. */
export function PeriodChanges({ period }: { period: PeriodDetail }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const run = period.runs[0];
  const { data: changes } = useQuery({
    queryKey: ["period", period.period_id, "changes", run?.run_id],
    queryFn: () => readChanges(period.period_id, run?.run_id ?? ""),
    enabled: run !== undefined && run.kind !== "committed" && period.runs.length > 1,
  });
  const since = period.runs.find(({ run_id }) => run_id === changes?.since_run_id);
  if (!changes || since === undefined) return null;
  const people = changes.gained.people + changes.lost.people;
  return (
    <>
      <p className="sub">
        {t(`period.since.${since.kind}`)} <Moment at={since.finished_at} />: {people === 0 && t("period.nobodyChanged")}
        {changes.gained.people > 0 && (
          <>
            {t("period.gained", { count: changes.gained.people })}{" "}
            <Amount value={changes.gained.amount} currency={changes.currency} />
          </>
        )}
        {changes.gained.people > 0 && changes.lost.people > 0 && ", "}
        {changes.lost.people > 0 && (
          <>
            {t("period.lost", { count: changes.lost.people })} <Amount value={changes.lost.amount} currency={changes.currency} />
          </>
        )}
        .
      </p>
      {people > 0 && (
        <button type="button" className="btn quiet small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen
            ? t("period.hideChanged")
            : people > changes.largest.length
              ? t("period.showLargest", { count: changes.largest.length, people })
              : t("period.showChanged", { count: people })}
        </button>
      )}
      {isOpen && <Largest changes={changes} />}
    </>
  );
}

function Largest({ changes }: { changes: Changes }) {
  const { t } = useTranslation();
  return (
    <Scrolled label={t("period.whoChanged")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("period.who")}</th>
            <th scope="col" className="num">
              {t("period.before")}
            </th>
            <th scope="col" className="num">
              {t("period.after")}
            </th>
            <th scope="col" className="num">
              {t("period.change")}
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.largest.map((one) => (
            <tr key={one.distributor_id}>
              <td>
                <Link to="/network/people/$distributorId" params={{ distributorId: one.distributor_id }}>
                  {one.name ?? one.distributor_id}
                </Link>
                {one.name !== null && <span className="second">{one.distributor_id}</span>}
              </td>
              <td className="num">
                <Amount value={one.before} />
              </td>
              <td className="num">
                <Amount value={one.after} />
              </td>
              <td className="num">
                <Amount value={one.difference} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

/** Null where nothing is kept: a period's first run, or one of before such changes were kept. */
async function readChanges(periodId: string, runId: string): Promise<Changes | null> {
  const param = { period_id: periodId };
  try {
    return await answerOf(hub.periods[":period_id"].changes.$get({ param, query: { run_id: runId } }));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
