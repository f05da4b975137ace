import { useMantineColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Page, Section } from "../../design/page.tsx";
import { useCompany } from "../../shared/company.tsx";
import { chooseLanguage, LANGUAGES, type Language } from "../../words/words.ts";
import { MONEY } from "../rights.ts";
import { EvidenceOrder, useEvidenceOrder } from "./evidence-order.tsx";

/** What the company decided, and how the console looks to whoever sits before it. */
export default function Settings() {
  const { t, i18n } = useTranslation();
  const { role } = useCompany();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const isOrderKnown = !useEvidenceOrder().isPending;
  return (
    <Page
      title={t("nav.settings")}
      actions={
        <>
          <Link className="btn" to="/settings/people">
            {t("people.title")}
          </Link>
          <Link className="btn" to="/settings/enrolment">
            {t("enrolmentSettings.way")}
          </Link>
          <Link className="btn" to="/settings/portal">
            {t("portalSettings.way")}
          </Link>
          <Link className="btn" to="/settings/retention">
            {t("retention.title")}
          </Link>
          <Link className="btn" to="/settings/jobs">
            {t("jobs.title")}
          </Link>
          {MONEY.includes(role) && (
            <Link className="btn" to="/settings/audit">
              {t("audit.title")}
            </Link>
          )}
        </>
      }
    >
      <div className="reading">
        <EvidenceOrder />
        {/* How long the order above is decides where this stands. */}
        <div hidden={!isOrderKnown}>
          <Section title={t("settings.look")}>
            <div className="stack">
              <Field name={t("settings.language")}>
                <select
                  className="input select"
                  value={i18n.language}
                  onChange={({ target }) => void chooseLanguage(target.value as Language)}
                >
                  {Object.entries(LANGUAGES).map(([language, name]) => (
                    <option key={language} value={language}>
                      {name}
                    </option>
                  ))}
                </select>
              </Field>
              <Field name={t("settings.colours")}>
                <select
                  className="input select"
                  value={colorScheme}
                  onChange={({ target }) => setColorScheme(target.value as "auto" | "light" | "dark")}
                >
                  {(["auto", "light", "dark"] as const).map((one) => (
                    <option key={one} value={one}>
                      {t(`settings.scheme.${one}`)}
                    </option>
                  ))}
                </select>
              </Field>
            </div>
          </Section>
        </div>
      </div>
    </Page>
  );
}
