import { useQuery } from "@tanstack/react-query";
import type { PlanChange } from "@upline/core/plan-diff";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Section } from "../../design/page.tsx";
import { Bone, Callout } from "../../design/parts.tsx";
import { Shape } from "../../design/shapes.tsx";
import { hub } from "../../shared/hub.ts";
import { problemOf } from "../../shared/problem.ts";

type PlanDocument = Parameters<typeof import("@upline/core/plan-diff")["diffPlans"]>[0];

interface ChangesProps {
  readonly hash: string;
  readonly planId: string;
  readonly document: object;
}

/** What a version changes against another of the same plan, at first against the one that counted before it. */
export function PlanChanges({ hash, planId, document }: ChangesProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | undefined>();
  const versions = useQuery({ queryKey: ["plans"], queryFn: () => answerOf(hub.plans.$get()) });
  // The list begins with the version that counts last.
  const all = versions.data?.items ?? [];
  const others = all.filter((one) => one.plan_id === planId && one.plan_hash !== hash);
  const place = all.findIndex((one) => one.plan_hash === hash);
  const before = others.find((one) => all.indexOf(one) > place);
  const against = chosen ?? (before ?? others[0])?.plan_hash;
  const changes = useQuery({
    queryKey: ["plan", hash, "changes since", against],
    enabled: against !== undefined,
    queryFn: async () => {
      const [older, { diffPlans }] = await Promise.all([
        answerOf(hub.plans[":plan_hash"].$get({ param: { plan_hash: against ?? "" } })),
        import("@upline/core/plan-diff"),
      ]);
      return diffPlans(older.document as unknown as PlanDocument, document as unknown as PlanDocument);
    },
  });
  if (against === undefined) return null;
  return (
    <Section first title={t("plans.changes")}>
      <Field name={t("plans.against")}>
        <select className="input select" value={against} onChange={({ target }) => setChosen(target.value)}>
          {others.map((one) => (
            <option key={one.plan_hash} value={one.plan_hash}>
              {one.name} ({one.version})
            </option>
          ))}
        </select>
      </Field>
      {changes.error && <Callout is="bad">{problemOf(changes.error)}</Callout>}
      {changes.isPending && <Bone width={320} />}
      {changes.data?.length === 0 && <p className="sub">{t("plans.noChanges")}</p>}
      <ul className="evidence" aria-label={t("plans.changes")}>
        {changes.data?.map((change) => (
          <Change key={`${change.kind} ${change.path}`} change={change} />
        ))}
      </ul>
    </Section>
  );
}

const SHAPES = { added: "good", removed: "bad", changed: "draft" } as const;

/** In English the sentence that the command line says too; in every language the field and what it holds, which have no language. */
function Change({ change: { kind, path, text, before, after } }: { change: PlanChange }) {
  const { t, i18n } = useTranslation();
  return (
    <li>
      <Shape of={SHAPES[kind]} />
      <div>
        <b>{t(`plans.change.${kind}`)}</b> <span className="mono">{path}</span>
        {i18n.language === "en" && <p>{text}</p>}
        <p className="note mono" style={{ overflowWrap: "anywhere" }}>
          {[before, after]
            .filter((value) => value !== undefined)
            .map((value) => JSON.stringify(value))
            .join(" → ")}
        </p>
      </div>
      <span />
    </li>
  );
}
