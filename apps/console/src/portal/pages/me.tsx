import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Callout, Defs } from "../../design/parts.tsx";
import { signOut } from "../../shared/auth.ts";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { briefly, dayOf } from "../../shared/moments.ts";
import { problemOf } from "../../shared/problem.ts";
import { chooseLanguage, LANGUAGES, type Language } from "../../words/words.ts";
import { useMe } from "../me.ts";
import { Passkeys } from "../passkeys.tsx";
import { SecondStep } from "../second-step.tsx";
import { changeName, changePassword } from "../security.ts";

/** Who somebody is here, how they sign in, and where they are signed in. */
export default function MePage() {
  const { t, i18n } = useTranslation("portal");
  const company = useCompany();
  const place = usePlace();
  const me = useMe();
  const { data: person } = useQuery({ queryKey: ["me"], queryFn: () => answerOf(hub.me.$get()), staleTime: 60_000 });
  return (
    <>
      <h1 style={{ paddingBottom: 16 }}>{t("me.title")}</h1>
      <div className="two-up">
        <div>
          <section className="block-p o1">
            <div className="section-head">
              <h2>{t("me.profile")}</h2>
              <Link to="/me/questions" search={{}}>
                {t("questions.title")}
              </Link>
            </div>
            <Defs
              rows={[
                { name: t("me.email"), value: person?.email ?? "" },
                { name: t("me.id"), value: me?.distributor_id ?? "" },
                { name: t("me.codes"), value: me?.codes.join(", ") ?? "" },
                { name: t("me.since"), value: me ? dayOf(me.enrolled_at, place) : "" },
                { name: t("me.company"), value: company.name },
              ]}
            />
            <Name />
          </section>
          <section className="block-p o3">
            <h2>{t("me.sessions")}</h2>
            <Sessions />
          </section>
        </div>
        <div>
          <section className="block-p o2">
            <h2>{t("me.password")}</h2>
            <Password />
          </section>
          <section className="block-p o2">
            <h2>{t("me.codeTitle")}</h2>
            {person && <SecondStep isOn={person.totp} />}
          </section>
          <section className="block-p o2">
            <h2>{t("me.passkeys")}</h2>
            <Passkeys />
          </section>
          <section className="block-p o4 stack">
            <Field name={t("me.language")}>
              <select
                className="input select"
                value={i18n.language}
                onChange={({ target }) => void chooseLanguage(target.value as Language)}
              >
                {Object.entries(LANGUAGES).map(([key, name]) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
              </select>
            </Field>
            {company.others.map((other) => (
              <button key={other.slug} type="button" className="btn wide" onClick={() => company.change(other.slug)}>
                {t("me.goTo", { name: other.name })}
              </button>
            ))}
            <button
              type="button"
              className="btn wide"
              onClick={() => void signOut().finally(() => window.location.assign("/portal"))}
            >
              {t("signOut")}
            </button>
          </section>
        </div>
      </div>
    </>
  );
}

function Name() {
  const { t } = useTranslation("portal");
  const { person } = useCompany();
  const [name, setName] = useState(person);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => changeName(name.trim()),
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
  });
  return (
    <form
      className="stack"
      style={{ paddingTop: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field name={t("me.name")} help={t("me.nameHelp")}>
        <input className="input" required maxLength={100} value={name} onChange={({ target }) => setName(target.value)} />
      </Field>
      {save.error && <Callout is="bad">{problemOf(save.error)}</Callout>}
      <button type="submit" className="btn slim" disabled={save.isPending || name.trim() === person}>
        {t("me.saveName")}
      </button>
    </form>
  );
}

function Password() {
  const { t } = useTranslation("portal");
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword(old, next),
    onSuccess: () => {
      setOld("");
      setNext("");
    },
  });
  return (
    <form
      className="stack"
      style={{ paddingTop: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Field name={t("me.old")}>
        <input
          className="input"
          type="password"
          autoComplete="current-password"
          required
          value={old}
          onChange={({ target }) => setOld(target.value)}
        />
      </Field>
      <Field name={t("me.new")} help={t("me.newHelp")}>
        <input
          className="input"
          type="password"
          autoComplete="new-password"
          minLength={12}
          maxLength={128}
          required
          value={next}
          onChange={({ target }) => setNext(target.value)}
        />
      </Field>
      {change.error && <Callout is="bad">{problemOf(change.error)}</Callout>}
      {change.isSuccess && <Callout is="good">{t("me.changed")}</Callout>}
      <button type="submit" className="btn slim" disabled={change.isPending}>
        {t("me.change")}
      </button>
    </form>
  );
}

function Sessions() {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: ["sessions"], queryFn: () => answerOf(hub.me.sessions.$get()) });
  const done = { onSuccess: () => client.invalidateQueries({ queryKey: ["sessions"] }) };
  const end = useMutation({
    mutationFn: (session_id: string) => answerOf(hub.me.sessions[":session_id"].$delete({ param: { session_id } })),
    ...done,
  });
  const endOthers = useMutation({ mutationFn: () => answerOf(hub.me.sessions.$delete()), ...done });
  return (
    <>
      <ul className="rows" style={{ marginTop: 8 }}>
        {data?.items.map((each) => (
          <li key={each.session_id}>
            <span>
              {browserName(each.browser) ?? t("me.unknownBrowser")}
              <span className="second">
                {each.is_this ? t("me.thisOne") : t("me.lastUsed", { day: briefly(each.last_used_at, place) })}
                {each.address !== null && ` · ${each.address}`}
              </span>
            </span>
            {!each.is_this && (
              <button type="button" className="btn slim" disabled={end.isPending} onClick={() => end.mutate(each.session_id)}>
                {t("me.end")}
              </button>
            )}
          </li>
        ))}
      </ul>
      {(data?.items.length ?? 0) > 1 && (
        <button type="button" className="btn quiet" disabled={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {t("me.endOthers")}
        </button>
      )}
    </>
  );
}

/** `Chrome, Linux` of what browsers say of themselves. */
function browserName(text: string | null): string | null {
  if (text === null) return null;
  const browser = [/Firefox/, /Edg/, /OPR/, /Chrome/, /Safari/].find((one) => one.test(text))?.source;
  const system = [/Android/, /iPhone|iPad/, /Windows/, /Mac OS/, /Linux/].find((one) => one.test(text))?.source.split("|")[0];
  return [browser?.replace("Edg", "Edge").replace("OPR", "Opera"), system].filter(Boolean).join(", ") || null;
}
