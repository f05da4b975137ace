import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Page, Section } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { Shape } from "../../design/shapes.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { isMissing, problemOf } from "../../shared/problem.ts";
import { useTell } from "../../shared/reasons.ts";
import { Failure, Missing } from "../failure.tsx";
import { PlanChanges } from "./plan-changes.tsx";

const route = getRouteApi("/plans/$planHash");

/** A version, and a draft that begins from it: checked while it is written, published from a day on. */
export default function PlanPage() {
  const { t } = useTranslation();
  const { planHash } = route.useParams();
  const { data: plan, error } = useQuery({
    queryKey: ["plan", planHash],
    queryFn: () => answerOf(hub.plans[":plan_hash"].$get({ param: { plan_hash: planHash } })),
  });
  const [draft, setDraft] = useState<string | null>(null);
  if (error) return isMissing(error) ? <Missing /> : <Failure error={error} />;
  if (plan === undefined) return null;
  const document = JSON.stringify(plan.document, null, 2);
  return (
    <Page
      title={plan.name}
      crumbs={[
        <Link key="/plans" to="/plans">
          {t("nav.plan")}
        </Link>,
      ]}
      about={
        <>
          {plan.plan_id} {plan.version} ·{" "}
          {plan.effective_from === null ? (
            t("plans.withdrawn")
          ) : (
            <>
              {t("plans.from")} <Moment at={plan.effective_from} as="day" />
            </>
          )}{" "}
          ·{" "}
          <span className="mono" style={{ overflowWrap: "anywhere" }}>
            {plan.plan_hash}
          </span>
        </>
      }
      actions={
        <button type="button" className="btn" onClick={() => setDraft(draft === null ? document : null)}>
          {draft === null ? t("plans.draft") : t("plans.drop")}
        </button>
      }
    >
      {draft === null ? (
        <>
          <PlanChanges key={planHash} hash={planHash} planId={plan.plan_id} document={plan.document} />
          <Section title={t("plans.wholeDocument")}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reached by the keyboard */}
            <pre className="json" tabIndex={0}>
              {document}
            </pre>
          </Section>
        </>
      ) : (
        <Draft text={draft} onChange={setDraft} />
      )}
    </Page>
  );
}

/** Waits until the keys rest, so that not every letter is a question. */
const REST_MS = 500;

function Draft({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const tell = useTell();
  const [settled, setSettled] = useState(text);
  const [from, setFrom] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const parsed = parse(settled);
  const lint = useQuery({
    queryKey: ["lint", settled],
    enabled: parsed.document !== null,
    queryFn: () => answerOf(hub.plans.lint.$post({ json: { document: parsed.document ?? {} } })),
    retry: false,
  });
  const publish = useMutation({
    mutationFn: () =>
      answerOf(
        hub.plans.$post({
          json: { document: parse(text).document ?? {}, ...(from !== "" && { effective_from: `${from}T00:00:00Z` }) },
        }),
      ),
    onSuccess: () => queries.invalidateQueries(),
  });
  const findings = lint.data?.findings ?? [];
  const shapes = { error: "bad", warning: "warn", note: "open" } as const;
  return (
    <div className="cols">
      <textarea
        className="input mono"
        style={{ height: "70vh", whiteSpace: "pre", overflow: "auto" }}
        aria-label={t("plans.document")}
        spellCheck={false}
        value={text}
        onChange={({ target }) => onChange(target.value)}
      />
      <aside className="panel">
        <h2>{t("plans.found")}</h2>
        {parsed.problem !== null && <Callout is="bad">{parsed.problem}</Callout>}
        {lint.error && <Callout is="bad">{problemOf(lint.error)}</Callout>}
        {lint.data && findings.length === 0 && <p className="sub">{t("plans.clean")}</p>}
        <ul className="evidence">
          {findings.map((finding) => (
            <li key={`${finding.path} ${finding.wrong}`}>
              <Shape of={shapes[finding.severity]} />
              <div>
                <b className="mono">{finding.path}</b>
                <p>{tell(finding.reasons?.wrong, finding.wrong)}</p>
                {finding.reasons?.right.kind !== "nothing-to-do" && (
                  <p className="note">{t("plans.right", { right: tell(finding.reasons?.right, finding.right) })}</p>
                )}
              </div>
              <span />
            </li>
          ))}
        </ul>
        <hr className="rule" />
        <div className="stack">
          <Field name={t("plans.publishFrom")} help={t("plans.publishHelp")}>
            <input className="input" type="date" value={from} onChange={({ target }) => setFrom(target.value)} />
          </Field>
          {publish.error && <Callout is="bad">{problemOf(publish.error)}</Callout>}
          {publish.isSuccess && <Callout is="good">{t("plans.done")}</Callout>}
          <button
            type="button"
            className="btn primary wide"
            disabled={lint.data?.publishable !== true || settled !== text || publish.isPending}
            onClick={() => publish.mutate()}
          >
            {publish.isPending ? t("working") : from === "" ? t("plans.publishNow") : t("plans.publish", { from })}
          </button>
        </div>
      </aside>
    </div>
  );
}

function parse(text: string): { document: Record<string, unknown> | null; problem: string | null } {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === "object" && document !== null && !Array.isArray(document))
      return { document: document as Record<string, unknown>, problem: null };
    return { document: null, problem: "{ … }" };
  } catch (error) {
    return { document: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
