import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Callout } from "../design/parts.tsx";
import { problemOf } from "../shared/problem.ts";

/** A page that broke says so; the ways beside it still go on. */
export function Failure({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useTranslation("portal");
  return (
    <div className="stack">
      <h1>{t("broken")}</h1>
      <Refused error={error} onAgain={() => (reset ? reset() : window.location.reload())} />
    </div>
  );
}

/** In place of what could not be read: what was wrong, and to try again. */
export function Refused({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const { t } = useTranslation("portal");
  return (
    <Callout is="bad">
      {problemOf(error)}{" "}
      <button type="button" className="btn quiet small" onClick={onAgain}>
        {t("again")}
      </button>
    </Callout>
  );
}

export function Missing() {
  const { t } = useTranslation("portal");
  return (
    <div className="stack">
      <h1>{t("missing")}</h1>
      <p className="sub">{t("missingWhy")}</p>
      <Link to="/">{t("toHome")}</Link>
    </div>
  );
}
