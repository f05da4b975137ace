import { useMutation, useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Section } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { problemOf } from "../../shared/problem.ts";
import { base64Of } from "../base64.ts";
import { SettingsPage } from "../settings-page.tsx";
import { Tick } from "./words-field.tsx";

type Branding = BodyOf<Awaited<ReturnType<typeof hub.company.branding.$get>>>;
type Seen = BodyOf<Awaited<ReturnType<(typeof hub)["portal-settings"]["$get"]>>>;
/** What the pages are drawn in where a company chose nothing. */
const OWN_ACCENT = "#0e5a70";

/** What distributors see of each other, and how the company shows itself to them. */
export default function PortalSettings() {
  const { t } = useTranslation();
  const seen = useQuery({
    queryKey: ["portal-settings"],
    queryFn: () => answerOf(hub["portal-settings"].$get()),
    refetchOnWindowFocus: false,
  });
  const branding = useQuery({
    queryKey: ["branding"],
    queryFn: () => answerOf(hub.company.branding.$get()),
    refetchOnWindowFocus: false,
  });
  return (
    <SettingsPage title={t("portalSettings.title")} about={t("portalSettings.about")} asked={[branding, seen]}>
      <div className="reading">
        {branding.data && <BrandingForm stored={branding.data} />}
        {seen.data && <SeenForm stored={seen.data} />}
      </div>
    </SettingsPage>
  );
}

function SeenForm({ stored }: { stored: Seen }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(stored);
  const save = useMutation({
    mutationFn: () => answerOf(hub["portal-settings"].$put({ json: draft })),
    onSuccess: (kept) => queries.setQueryData(["portal-settings"], kept),
  });
  return (
    <Section title={t("portalSettings.seen")}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate();
        }}
      >
        <Field name={t("portalSettings.names")}>
          <select
            className="input select"
            value={draft.names}
            onChange={({ target }) => setDraft({ ...draft, names: target.value as Seen["names"] })}
          >
            {(["downline", "frontline"] as const).map((one) => (
              <option key={one} value={one}>
                {t(`portalSettings.whose.${one}`)}
              </option>
            ))}
          </select>
        </Field>
        <Tick
          name={t("portalSettings.contacts")}
          checked={draft.contacts}
          onChange={(contacts) => setDraft({ ...draft, contacts })}
        >
          {t("portalSettings.contactsWhy")}
        </Tick>
        <Saving save={save} act={t("portalSettings.saveSeen")} />
      </form>
    </Section>
  );
}

function BrandingForm({ stored }: { stored: Branding }) {
  const { t } = useTranslation();
  const { slug } = useCompany();
  const [name, setName] = useState(stored.shown_name ?? "");
  const [accent, setAccent] = useState(stored.accent?.light ?? null);
  const [support, setSupport] = useState(stored.support ?? "");
  const [logo, setLogo] = useState<string | null | undefined>(undefined);
  const kept = stored.logo === null ? null : `/api/company/branding/picture?company=${encodeURIComponent(slug)}&v=${stored.logo}`;
  const save = useMutation({
    mutationFn: () => {
      const json = { shown_name: name.trim() || null, accent, support: support.trim() || null };
      return answerOf(hub.company.branding.$put({ json: logo === undefined ? json : { ...json, logo } }));
    },
    onSuccess: (branding) => {
      setLogo(undefined);
      setAccent(branding.accent?.light ?? null);
      queries.setQueryData(["branding"], branding);
    },
  });
  const shown = logo === undefined ? kept : logo;
  return (
    <Section first title={t("portalSettings.branding")} aside={t("portalSettings.brandingAside")}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate();
        }}
      >
        <Field name={t("portalSettings.name")} help={t("portalSettings.nameHelp")}>
          <input
            className="input"
            maxLength={80}
            placeholder={stored.name}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        <Field name={t("portalSettings.support")} help={t("portalSettings.supportHelp")}>
          <input className="input" type="email" value={support} onChange={({ target }) => setSupport(target.value)} />
        </Field>
        <Field name={t("portalSettings.logo")} help={t("portalSettings.logoHelp")}>
          <input
            className="input"
            type="file"
            accept="image/png,image/webp"
            onChange={async ({ target }) => {
              const [file] = target.files ?? [];
              if (file !== undefined) setLogo(await base64Of(file));
            }}
          />
        </Field>
        {shown !== null && (
          <div className="row">
            <img src={shown} alt={t("portalSettings.logo")} style={{ maxHeight: 48, maxWidth: 200 }} />
            <button type="button" className="btn small" onClick={() => setLogo(null)}>
              {t("portalSettings.noLogo")}
            </button>
          </div>
        )}
        <Tick
          name={t("portalSettings.ownAccent")}
          checked={accent !== null}
          onChange={(isOwn) => setAccent(isOwn ? OWN_ACCENT : null)}
        >
          {t("portalSettings.accentHelp")}
        </Tick>
        {accent !== null && (
          <div className="row">
            <input
              type="color"
              className="colour"
              aria-label={t("portalSettings.accent")}
              value={/^#[0-9a-f]{6}$/i.test(accent) ? accent : OWN_ACCENT}
              onChange={({ target }) => setAccent(target.value)}
            />
            <input
              className="input"
              style={{ width: 120 }}
              aria-label={t("portalSettings.accentDigits")}
              value={accent}
              maxLength={7}
              onChange={({ target }) => setAccent(target.value)}
            />
          </div>
        )}
        <Saving save={save} act={t("portalSettings.saveBranding")} />
      </form>
    </Section>
  );
}

function Saving({ save, act }: { save: { error: unknown; isPending: boolean; isSuccess: boolean }; act: string }) {
  const { t } = useTranslation();
  return (
    <>
      {save.error != null && <Callout is="bad">{problemOf(save.error)}</Callout>}
      {save.isSuccess && !save.isPending && <Callout is="good">{t("portalSettings.saved")}</Callout>}
      <button type="submit" className="btn" disabled={save.isPending}>
        {save.isPending ? t("working") : act}
      </button>
    </>
  );
}
