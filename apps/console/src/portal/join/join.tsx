import "./join.css";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone, Callout } from "../../design/parts.tsx";
import { isMissing, problemOf } from "../../shared/problem.ts";
import { chooseLanguage, LANGUAGES, type Language } from "../../words/words.ts";
import { Mark, wear } from "../branding.tsx";
import { initialsOf } from "../initials.ts";
import { emptyDraft, JoinForm } from "./join-form.tsx";
import { type Confirmed, confirmToken, type Joining, lookAt, wordsIn } from "./joining.ts";

/** `/join/{code}`: who invites, and the company's form. `/join#…`: where the mailed link leads. */
export function Join() {
  const code = decodeURIComponent(window.location.pathname.replace(/^\/join\/?/, ""));
  const token = window.location.hash.slice(1);
  if (code !== "") return <Invited code={code} />;
  return token === "" ? <NoLink /> : <Confirm token={token} />;
}

/** The frame of every page for strangers: whose it is, and in which language. */
function Frame({ of: shown, children }: { of: Pick<Joining, "company" | "branding"> | undefined; children: ReactNode }) {
  const { t, i18n } = useTranslation("portal");
  const name = shown?.company.name;
  useEffect(() => {
    document.title = name ?? "Upline";
    wear(shown?.branding.accent ?? null);
  }, [name, shown]);
  return (
    <div className="portal">
      <header className="top">
        <span className="company">
          {shown !== undefined && (
            <>
              <Mark name={shown.company.name} logo={logoOf(shown)} />
              {shown.company.name}
            </>
          )}
        </span>
        <select
          className="input select language"
          aria-label={t("join.language")}
          value={i18n.language}
          onChange={({ target }) => void chooseLanguage(target.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([language, name]) => (
            <option key={language} value={language}>
              {name}
            </option>
          ))}
        </select>
      </header>
      <main id="page" className="join">
        {children}
        {shown?.branding.support != null && (
          <p className="note join-support">
            {t("join.support")} <a href={`mailto:${shown.branding.support}`}>{shown.branding.support}</a>
          </p>
        )}
      </main>
    </div>
  );
}

const logoOf = ({ company, branding }: Pick<Joining, "company" | "branding">) =>
  branding.logo === null ? null : `/joining/picture?company=${encodeURIComponent(company.slug)}&v=${branding.logo}`;

function Invited({ code }: { code: string }) {
  const { t } = useTranslation("portal");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [draft, setDraft] = useState(emptyDraft);
  const {
    data: page,
    error,
    refetch,
  } = useQuery({ queryKey: ["joining", code], queryFn: () => lookAt(code), staleTime: 300_000 });
  if (error && isMissing(error)) return <NoLink />;
  return (
    <Frame of={page}>
      {error ? (
        <div className="stack">
          <h1 className="big">{t("join.form")}</h1>
          <Callout is="bad">
            {problemOf(error)}{" "}
            <button type="button" className="btn quiet small" onClick={() => void refetch()}>
              {t("again")}
            </button>
          </Callout>
        </div>
      ) : page === undefined ? (
        <Bone width={280} />
      ) : page.state !== "open" ? (
        <Said title={t(`join.state.${page.state}`)} about={t(`join.state.${page.state}About`, { company: page.company.name })} />
      ) : sentTo !== null ? (
        <Said title={t("join.sent")} about={t("join.sentTo", { email: sentTo })}>
          <p className="note">{t("join.nothing")}</p>
          <button type="button" className="btn" onClick={() => setSentTo(null)}>
            {t("join.change")}
          </button>
        </Said>
      ) : (
        <div className="two-up plain">
          <Inviter page={page} />
          <JoinForm page={page} code={code} draft={draft} onDraft={setDraft} onSent={setSentTo} />
        </div>
      )}
    </Frame>
  );
}

function Inviter({ page }: { page: Joining }) {
  const { t, i18n } = useTranslation("portal");
  const { inviter, intro } = page;
  const [company, code] = [page.company.name, page.code ?? ""];
  return (
    <div>
      <h1 className="big">{inviter === null ? t("join.title", { company }) : t("join.titleWith", { company, inviter })}</h1>
      <div className="sponsor">
        {inviter !== null && (
          <span className="avatar" aria-hidden="true">
            {initialsOf(inviter)}
          </span>
        )}
        <div>
          {inviter}
          <span className="second">{inviter === null ? t("join.byCode", { code }) : t("join.by", { code })}</span>
        </div>
      </div>
      {intro !== null && <p className="said">{wordsIn(intro, i18n.language)}</p>}
    </div>
  );
}

function Confirm({ token }: { token: string }) {
  const { t } = useTranslation("portal");
  const confirm = useMutation({ mutationFn: () => confirmToken(token) });
  if (confirm.data) return <Outcome of={confirm.data} />;
  return (
    <Frame of={undefined}>
      <Said title={t("join.confirmTitle")} about={t("join.confirmAbout")}>
        {confirm.error && <Callout is="bad">{problemOf(confirm.error)}</Callout>}
        <button type="button" className="btn primary" disabled={confirm.isPending} onClick={() => confirm.mutate()}>
          {t("join.confirmAct")}
        </button>
      </Said>
    </Frame>
  );
}

function Outcome({ of: outcome }: { of: Confirmed }) {
  const { state, company, distributor_id: id, account_link: link, reason, welcome_sent: isWelcomed } = outcome;
  const { t } = useTranslation("portal");
  const portal = `/portal?company=${encodeURIComponent(company.slug)}`;
  return (
    <Frame of={outcome}>
      {state === "awaits-company" ? (
        <Said title={t("join.awaits", { company: company.name })} about={t("join.awaitsAbout")} />
      ) : state === "refused" ? (
        <Said title={t("join.refused")} about={reason ?? ""} />
      ) : (
        <Said title={t("join.welcome", { company: company.name })} about={t("join.number", { id: id ?? "" })}>
          {link === null ? (
            <>
              <a className="btn primary" href={portal}>
                {t("join.signIn")}
              </a>
              <p className="note">{t(isWelcomed ? "join.noAccount" : "join.later")}</p>
            </>
          ) : (
            <>
              <a className="btn primary" href={link}>
                {t("join.open")}
              </a>
              <p className="note">{t(isWelcomed ? "join.openAbout" : "join.openLater")}</p>
            </>
          )}
        </Said>
      )}
    </Frame>
  );
}

function NoLink() {
  const { t } = useTranslation("portal");
  return (
    <Frame of={undefined}>
      <Said title={t("join.noLink")} about={t("join.noLinkAbout")} />
    </Frame>
  );
}

/** One thing to say, and at most one to do. */
function Said({ title, about, children }: { title: string; about: string; children?: ReactNode }) {
  return (
    <div className="stack join-said">
      <h1 className="big">{title}</h1>
      <p>{about}</p>
      {children}
    </div>
  );
}
