import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Chips, Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";
import { ListTable } from "../list-table.tsx";

type Question = BodyOf<Awaited<ReturnType<typeof hub.questions.$get>>>["items"][number];
const route = getRouteApi("/questions");
const SHAPES = { waiting: "warn", answered: "good", settled: "skip" } as const;

/** What distributors ask, with what it is about; answered beside the list. */
export default function Questions() {
  const { t } = useTranslation();
  const { all, chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const filters = { ...(!all && { open: "true" as const }) };
  const source = useList<Question>(["questions", all], (before) =>
    answerOf(
      hub.questions.$get({
        query: { limit: "50", ...filters, ...(before !== undefined && { before }) },
      }),
    ),
  );
  const columns: ColumnDef<Question, unknown>[] = [
    {
      id: "who",
      header: t("distributor"),
      cell: ({ row: { original } }) => (
        <>
          {original.name || original.distributor_id}
          <span className="second">{original.distributor_id}</span>
        </>
      ),
    },
    {
      id: "about",
      header: t("questions.about"),
      cell: ({ row: { original } }) =>
        original.about === null ? (
          t("questions.general")
        ) : (
          <>
            {t(`questions.${original.about.kind}`, { name: original.about.name })}
            {original.about.bonus !== null && <span className="second">{original.about.bonus}</span>}
          </>
        ),
    },
    { id: "asked", header: t("questions.asked"), cell: ({ row }) => <Moment at={row.original.asked_at} /> },
    {
      id: "state",
      header: t("state"),
      cell: ({ row: { original } }) => <Status is={SHAPES[original.state]}>{t(`questions.state.${original.state}`)}</Status>,
    },
  ];
  return (
    <Page title={t("questions.title")} about={t("questions.aboutPage")}>
      <div className="cols">
        <div>
          <div className="toolbar">
            <Chips
              label={t("questions.title")}
              chips={[
                {
                  name: t("questions.settledToo"),
                  isOn: all === true,
                  onPress: () => void navigate({ search: { chosen, all: all ? undefined : true }, replace: true }),
                },
              ]}
            />
          </div>
          <ListTable
            csv={hub.questions.$url({ query: filters })}
            page="questions"
            label={t("questions.title")}
            columns={columns}
            source={source}
            keyOf={({ question_id }) => question_id}
            isChosen={({ question_id }) => question_id === chosen}
            onChoose={({ question_id }) => void navigate({ search: { all, chosen: question_id }, replace: true })}
            empty={t("questions.empty")}
          />
        </div>
        <aside className="panel decision side-sticky">
          {chosen === undefined ? <p className="sub">{t("questions.choose")}</p> : <Talk key={chosen} questionId={chosen} />}
        </aside>
      </div>
    </Page>
  );
}

function Talk({ questionId }: { questionId: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const param = { question_id: questionId };
  const { data, error } = useQuery({
    queryKey: ["question", questionId],
    queryFn: () => answerOf(hub.questions[":question_id"].$get({ param })),
  });
  const again = () => {
    setText("");
    void queries.invalidateQueries({ queryKey: ["questions"] });
    void queries.invalidateQueries({ queryKey: ["question", questionId] });
  };
  const reply = useMutation({
    mutationFn: () => answerOf(hub.questions[":question_id"].messages.$post({ param, json: { text } })),
    onSuccess: again,
  });
  const settle = useMutation({
    mutationFn: () => answerOf(hub.questions[":question_id"].settle.$post({ param })),
    onSuccess: again,
  });
  const failure = error ?? reply.error ?? settle.error;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!reply.isPending) reply.mutate();
      }}
    >
      <h2>{data ? data.name || data.distributor_id : t("questions.title")}</h2>
      {data?.about?.kind === "order" && (
        <Door shown to="/orders/$orderId" params={{ orderId: data.about.id }}>
          {t("questions.order", { name: data.about.name })}
        </Door>
      )}
      {data?.about?.kind === "period" && (
        <Door shown to="/periods/$periodId" params={{ periodId: data.about.id }}>
          {t("questions.period", { name: data.about.name })}
        </Door>
      )}
      {data?.messages.map((each) => (
        <p key={each.message_id} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          <b>{each.side === "company" ? t("questions.we") : data.name || data.distributor_id}</b>{" "}
          <span className="note">
            <Moment at={each.written_at} />
          </span>
          <br />
          {each.text}
        </p>
      ))}
      <Field name={t("questions.reply")}>
        <textarea className="input" required minLength={2} value={text} onChange={({ target }) => setText(target.value)} />
      </Field>
      {failure && <Callout is="bad">{problemOf(failure)}</Callout>}
      <div className="row">
        <button type="submit" className="btn primary" disabled={reply.isPending}>
          {t("questions.send")}
        </button>
        {data && data.state !== "settled" && (
          <button type="button" className="btn" disabled={settle.isPending} onClick={() => settle.mutate()}>
            {t("questions.settle")}
          </button>
        )}
      </div>
    </form>
  );
}
