import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Moment } from "../../design/moment.tsx";
import { Page, Section } from "../../design/page.tsx";
import { Callout, Defs } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { isMissing, problemOf } from "../../shared/problem.ts";
import { Failure, Missing } from "../failure.tsx";
import { AboveCeiling, PeriodCeiling, shownRun } from "./period-ceiling.tsx";
import { PeriodChanges } from "./period-changes.tsx";
import { type PeriodDetail, periodQuery } from "./period-query.ts";
import { PeriodResults } from "./period-results.tsx";
import { PeriodStages } from "./period-stages.tsx";
import { PeriodUnusual } from "./period-unusual.tsx";
import { lastMoment, PERIOD_SHAPES } from "./periods.tsx";
import { RunAmount, RunTable, totalsOf } from "./run-table.tsx";
import { waitingProposal } from "./waiting-proposal.ts";

type Act = "preview" | "close" | "rerun" | "reverse-refunds" | "cancel" | { readonly commit: string };
const route = getRouteApi("/periods/$periodId");

/** The close desk: what a close would come to, who proposed it, what a second person confirms, and what came of it. */
export default function Period() {
  const { t } = useTranslation();
  const { periodId } = route.useParams();
  const { data: period, error } = useQuery(periodQuery(periodId));
  const act = useAct(periodId);
  if (error) return isMissing(error) ? <Missing /> : <Failure error={error} />;
  if (period === undefined) return null;
  return (
    <Page
      title={period.name}
      crumbs={[
        <Link key="/periods" to="/periods">
          {t("nav.periods")}
        </Link>,
      ]}
      status={
        <Status is={PERIOD_SHAPES[period.state]} tag>
          {t(`periods.state.${period.state}`)}
        </Status>
      }
      about={
        <>
          <Moment at={period.starts_at} as="day" /> – <Moment at={lastMoment(period.ends_at)} as="day" /> · {period.time_zone} ·{" "}
          {period.plan_id}
        </>
      }
    >
      <PeriodStages period={period} />
      <div className="cols section">
        <div>
          <Section first title={t("period.runs")} aside={t("amountsIn", { currency: period.currency })}>
            <RunTable runs={period.runs} currency={period.currency} />
            <PeriodChanges period={period} />
          </Section>
          <PeriodUnusual period={period} />
          <PeriodCeiling period={period} />
          {period.state === "closed" && <PeriodResults period={period} />}
        </div>
        <Decision period={period} act={act} />
      </div>
    </Page>
  );
}

function useAct(periodId: string) {
  return useMutation({
    mutationFn: async (act: Act) => {
      const param = { period_id: periodId };
      const acts = hub.periods[":period_id"];
      if (act === "cancel") return void (await answerOf(acts.cancel.$post({ param })));
      if (act === "preview") return void (await answerOf(acts.preview.$post({ param })));
      if (act === "close") return void (await answerOf(acts.close.$post({ param })));
      if (act === "rerun") return void (await answerOf(acts.rerun.$post({ param })));
      if (act === "reverse-refunds") return void (await answerOf(acts["reverse-refunds"].$post({ param })));
      // What was looked at, and nothing that took its place meanwhile.
      await answerOf(acts.commit.$post({ param, query: { run_id: act.commit } }));
    },
    onSettled: () => queries.invalidateQueries(),
  });
}

/** The one tinted panel: it holds what is to be decided, with every figure that the second person confirms. */
function Decision({ period, act }: { period: PeriodDetail; act: ReturnType<typeof useAct> }) {
  const { t } = useTranslation();
  const proposed = waitingProposal(period);
  const run = shownRun(period);
  const totals = run && totalsOf(run);
  // Where nothing is to be decided, the panel does not keep in sight on a phone.
  const isSettled = period.state === "closed" && proposed === null;
  const press = (name: Exclude<Act, object>, words: string, isMain = false) => (
    <button
      type="button"
      className={`btn wide${isMain ? " primary" : ""}`}
      disabled={act.isPending}
      onClick={() => act.mutate(name)}
    >
      {act.isPending && act.variables === name ? t("working") : words}
    </button>
  );
  return (
    <aside className={`panel side-sticky${isSettled ? "" : " decision"}`}>
      <h2>{t(proposed ? "period.confirm" : period.state === "closed" ? "period.closed" : "period.notClosed")}</h2>
      {run && totals && (
        <>
          <Defs
            rows={[
              ...totals.bonuses.map((bonus) => ({
                name: t("period.bonus", { bonus: bonus.bonus, count: bonus.payees }),
                value: <RunAmount minor={bonus.paidMinor} currency={totals.currency} />,
              })),
              {
                name: t("period.toPost"),
                value: <RunAmount minor={totals.paidMinor} currency={totals.currency} withCurrency />,
                isTotal: true,
              },
            ]}
          />
          <hr className="rule" />
          <Defs
            rows={[
              { name: t("period.distributors"), value: totals.distributors },
              { name: t("period.active"), value: totals.active },
              { name: t("period.input"), value: <span className="mono">{run.input_hash.slice(0, 12)}…</span> },
              { name: t("period.planHash"), value: <span className="mono">{run.plan_hash.slice(0, 12)}…</span> },
              { name: t("period.output"), value: <span className="mono">{run.output_hash.slice(0, 12)}…</span> },
              ...(run.person === null
                ? []
                : [{ name: t(run.kind === "committed" ? "period.confirmedBy" : "period.person"), value: run.person }]),
            ]}
          />
          {run.payout && <AboveCeiling payout={run.payout} currency={period.currency} />}
          {totals.warnings.map((warning) => (
            <Callout key={warning} is="warn">
              {warning}
            </Callout>
          ))}
          <hr className="rule" />
        </>
      )}
      {act.error && <Callout is="bad">{problemOf(act.error)}</Callout>}
      <div className="stack">
        {period.state === "open" && (
          <>
            {press("preview", t("period.preview"), period.runs.length === 0)}
            {period.runs.length > 0 && press("close", t("period.propose", { name: period.name }), true)}
            <p className="note">{t("period.proposeWhy")}</p>
          </>
        )}
        {proposed && (
          <>
            {totals && !proposed.is_own && (
              <button
                type="button"
                className="btn primary wide"
                disabled={act.isPending}
                onClick={() => act.mutate({ commit: proposed.run_id })}
              >
                {act.isPending && typeof act.variables === "object" ? (
                  t("working")
                ) : (
                  <>
                    {t("period.commit", { name: period.name })}{" "}
                    <RunAmount minor={totals.paidMinor} currency={totals.currency} withCurrency />
                  </>
                )}
              </button>
            )}
            {press("cancel", t("period.cancel"))}
            <p className="note">{t(proposed.is_own ? "period.ownProposal" : "period.commitWhy")}</p>
          </>
        )}
        {period.state === "closing" && proposed === null && (
          <>
            {press("close", t("period.propose", { name: period.name }), true)}
            {press("cancel", t("period.cancel"))}
            <p className="note">{t("period.proposalLost")}</p>
          </>
        )}
        {isSettled && (
          <>
            {press("rerun", t("period.rerun"))}
            {press("reverse-refunds", t("period.reverse"))}
            <p className="note">{t("period.never")}</p>
          </>
        )}
      </div>
    </aside>
  );
}
