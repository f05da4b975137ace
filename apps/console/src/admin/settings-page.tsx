import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../design/page.tsx";
import { Bone, Callout } from "../design/parts.tsx";
import { problemOf } from "../shared/problem.ts";

/** As much of a query as a page needs that waits for it. */
interface Asked {
  readonly data: unknown;
  readonly error: Error | null;
  refetch(): unknown;
}

/** A page of Settings: the way back to them, and what it asks the hub for, as long as that is not there or has failed. */
export function SettingsPage(props: {
  title: string;
  about: string;
  actions?: ReactNode;
  asked: readonly Asked[];
  children: ReactNode;
}) {
  const { title, about, actions, asked, children } = props;
  const { t } = useTranslation();
  const error = asked.find((one) => one.error !== null)?.error;
  const crumb = (
    <Link key="/settings" to="/settings">
      {t("nav.settings")}
    </Link>
  );
  return (
    <Page title={title} about={about} crumbs={[crumb]} actions={actions}>
      {error && (
        <Callout is="bad">
          {problemOf(error)}{" "}
          <button type="button" className="btn quiet small" onClick={() => asked.forEach(({ refetch }) => void refetch())}>
            {t("again")}
          </button>
        </Callout>
      )}
      {!error && asked.some(({ data }) => data === undefined) && <Bone width={220} />}
      {children}
    </Page>
  );
}
