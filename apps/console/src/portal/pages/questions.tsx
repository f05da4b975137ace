import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { More } from "../../design/more.tsx";
import { Bone, Callout } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { briefly } from "../../shared/moments.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";
import { Refused } from "../failure.tsx";

type Question = Awaited<ReturnType<typeof readPage>>["items"][number];
const readPage = (before: string | undefined) =>
  answerOf(hub.portal.questions.$get({ query: { limit: "50", ...(before && { before }) } }));

/** What was asked, what was answered, and a way to ask more. */
export default function QuestionsPage() {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const { ask, open } = useSearch({ from: "/me/questions" });
  const list = useList<Question>(["questions", slug], readPage);
  return (
    <>
      <p className="ways-on">
        <Link to="/me">{t("me.title")}</Link>
      </p>
      <h1 style={{ paddingBottom: 16 }}>{t("questions.title")}</h1>
      {ask === "new" ? (
        <Ask />
      ) : (
        <p style={{ paddingBottom: 16 }}>
          <Link to="/me/questions" search={{ ask: "new" }} className="btn slim">
            {t("questions.new")}
          </Link>
        </p>
      )}
      {list.error !== null && list.error !== undefined && <Refused error={list.error} onAgain={() => list.refetch?.()} />}
      {list.rows?.length === 0 && ask !== "new" && <p className="empty">{t("questions.empty")}</p>}
      <div className="rows" style={{ marginTop: 16 }}>
        {list.rows?.map((row) => (
          <Row key={row.question_id} row={row} isOpen={open === row.question_id} />
        ))}
      </div>
      <More source={list} />
    </>
  );
}

type T = ReturnType<typeof useTranslation<"portal">>["t"];

function aboutText(about: Question["about"], t: T): string {
  if (about === null) return t("questions.aboutNothing");
  const what =
    about.kind === "order" ? t("questions.aboutOrder", { name: about.name }) : t("questions.aboutPeriod", { name: about.name });
  return about.bonus === null ? what : `${what}, ${about.bonus}`;
}

function Row({ row, isOpen }: { row: Question; isOpen: boolean }) {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const navigate = useNavigate();
  const state =
    row.state === "settled"
      ? t("questions.settled")
      : row.state === "answered"
        ? t("questions.answered", { day: briefly(row.answered_at ?? row.asked_at, place) })
        : t("questions.waits");
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() =>
          void navigate({ to: "/me/questions", search: { open: isOpen ? undefined : row.question_id }, replace: true })
        }
      >
        <span>
          {aboutText(row.about, t)}
          <span className="second">
            {briefly(row.asked_at, place)} · {state}
          </span>
        </span>
        <span className="num sub">{row.unread && <Status is="warn">{t("questions.unread")}</Status>}</span>
      </button>
      {isOpen && <Talk questionId={row.question_id} />}
    </>
  );
}

const readTalk = (question_id: string) => answerOf(hub.portal.questions[":question_id"].$get({ param: { question_id } }));

function Talk({ questionId }: { questionId: string }) {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const place = usePlace();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const { data, error, refetch } = useQuery({ queryKey: ["question", slug, questionId], queryFn: () => readTalk(questionId) });
  const write = useMutation({
    mutationFn: () =>
      answerOf(hub.portal.questions[":question_id"].messages.$post({ param: { question_id: questionId }, json: { text } })),
    onSuccess: (answer) => {
      setText("");
      client.setQueryData(["question", slug, questionId], answer);
      void client.invalidateQueries({ queryKey: ["questions", slug] });
    },
  });
  if (error) return <Refused error={error} onAgain={() => void refetch()} />;
  if (data === undefined) return <Bone width={220} />;
  return (
    <div className="opened">
      {data.messages.map((each) => (
        <p key={each.message_id} className="said">
          <b>{each.side === "company" ? t("questions.company") : t("questions.you")}</b>{" "}
          <span className="note">{briefly(each.written_at, place)}</span>
          <br />
          {each.text}
        </p>
      ))}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          write.mutate();
        }}
      >
        <Field name={t("questions.reply")}>
          <textarea className="input" required minLength={2} value={text} onChange={({ target }) => setText(target.value)} />
        </Field>
        {write.error && <Callout is="bad">{problemOf(write.error)}</Callout>}
        <button type="submit" className="btn slim" disabled={write.isPending}>
          {t("questions.sendReply")}
        </button>
      </form>
    </div>
  );
}

function Ask() {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { order_id, period_id, bonus, name } = useSearch({ from: "/me/questions" });
  const [text, setText] = useState("");
  const send = useMutation({
    mutationFn: () =>
      answerOf(
        hub.portal.questions.$post({
          json: { text, ...(order_id && { order_id }), ...(period_id && { period_id }), ...(bonus && { bonus }) },
        }),
      ),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ["questions", slug] });
      void navigate({ to: "/me/questions", search: { open: answer.question_id }, replace: true });
    },
  });
  const kind = order_id ? ("order" as const) : ("period" as const);
  const about = order_id || period_id ? { kind, id: order_id ?? period_id ?? "", name: name ?? "", bonus: bonus ?? null } : null;
  return (
    <form
      className="stack opened"
      onSubmit={(event) => {
        event.preventDefault();
        if (!send.isPending) send.mutate();
      }}
    >
      <h2>{t("questions.new")}</h2>
      <p className="sub">
        {t("questions.about")}: {aboutText(about, t)}
      </p>
      <Field name={t("questions.text")}>
        <textarea
          className="input"
          required
          minLength={2}
          maxLength={4000}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </Field>
      {send.error && <Callout is="bad">{problemOf(send.error)}</Callout>}
      <button type="submit" className="btn primary" disabled={send.isPending}>
        {t("questions.send")}
      </button>
    </form>
  );
}
