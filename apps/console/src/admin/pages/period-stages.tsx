import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Moment } from "../../design/moment.tsx";
import { type ShapeName, Status } from "../../design/shapes.tsx";
import { useCompany } from "../../shared/company.tsx";
import { useWaiting } from "../waiting.ts";
import type { PeriodDetail } from "./period-query.ts";
import { waitingProposal } from "./waiting-proposal.ts";

interface Stage {
  readonly key: string;
  readonly name: string;
  readonly note: ReactNode;
  readonly isDone: boolean;
}

/** The way of a close, with who took which step: what is done, the one that is next, and what comes after it. */
export function PeriodStages({ period }: { period: PeriodDetail }) {
  const { t } = useTranslation();
  const stages = useStages(period);
  const next = stages.findLastIndex(({ isDone }) => isDone) + 1;
  const shapeOf = (index: number): ShapeName => {
    if (stages[index]?.isDone) return "good";
    // What was passed over still waits: nobody is kept from closing by it.
    return index < next ? "warn" : index === next ? "wait" : "open";
  };
  return (
    <ol className="stages" aria-label={t("period.stages")}>
      {stages.map(({ key, name, note }, index) => (
        <li key={key} aria-current={index === next ? "step" : undefined}>
          <Status is={shapeOf(index)}>{name}</Status>
          <span className="note">{note}</span>
        </li>
      ))}
    </ol>
  );
}

function useStages(period: PeriodDetail): readonly Stage[] {
  const { t } = useTranslation();
  const { person } = useCompany();
  const waiting = useWaiting();
  // A close that waits is no exception of itself.
  const open = waiting === undefined ? undefined : waiting.all - waiting.periods;
  const trials = period.runs.filter(({ kind }) => kind === "trial");
  const proposal = waitingProposal(period);
  const isClosed = period.state === "closed" && proposal === null;
  // The way of what waits, or of what was done last.
  const proposed = proposal ?? (isClosed ? period.runs.find(({ kind }) => kind === "proposed") : undefined);
  const committed = isClosed ? period.runs.find(({ kind }) => kind === "committed") : undefined;
  const who = (run: PeriodDetail["runs"][number]) => (
    <>
      {run.person}
      {run.person !== null && ", "}
      <Moment at={run.finished_at} />
    </>
  );
  const isMine = proposal?.is_own ?? false;
  return [
    {
      key: "exceptions",
      name: t("period.exceptions"),
      note:
        open === undefined || isClosed
          ? ""
          : open === 0
            ? t("period.exceptionsNone")
            : t("period.exceptionsLeft", { count: open }),
      isDone: isClosed || open === 0,
    },
    {
      key: "tried",
      name: t("period.tried", { count: period.trials }),
      note:
        trials[0] === undefined ? (
          t("period.notTried")
        ) : (
          <>
            {t("period.triedLast")} <Moment at={trials[0].finished_at} />
          </>
        ),
      isDone: isClosed || period.trials > 0 || proposal !== null,
    },
    {
      key: "proposed",
      name: t(proposed === undefined ? "period.proposeStep" : "period.proposedStep"),
      note: proposed === undefined ? t("period.you", { name: person }) : who(proposed),
      isDone: proposed !== undefined,
    },
    {
      key: "confirmed",
      name: t(isClosed ? "period.confirmedStep" : "period.confirmStep"),
      note:
        committed !== undefined
          ? who(committed)
          : proposal !== null && !isMine
            ? t("period.you", { name: person })
            : t("period.somebodyElse"),
      isDone: isClosed,
    },
    { key: "posted", name: t("period.posted"), note: committed && <Moment at={committed.finished_at} />, isDone: isClosed },
  ];
}
