import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "../design/page.tsx";
import { Callout } from "../design/parts.tsx";
import { problemOf } from "../shared/problem.ts";

/** A page that broke says so; the ways beside it still go on. */
export function Failure({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useTranslation();
  return (
    <Page title={t("failure.title")}>
      <Callout is="bad">
        {problemOf(error)}{" "}
        <button type="button" className="btn quiet small" onClick={() => (reset ? reset() : window.location.reload())}>
          {t("again")}
        </button>
      </Callout>
    </Page>
  );
}

export function Missing() {
  const { t } = useTranslation();
  return (
    <Page title={t("failure.missing")} about={t("failure.missingWhy")}>
      <Link to="/">{t("nav.overview")}</Link>
    </Page>
  );
}
