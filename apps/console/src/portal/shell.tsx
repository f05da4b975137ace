import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useCompany } from "../shared/company.tsx";
import { Mark, useBranding } from "./branding.tsx";
import { initialsOf } from "./initials.ts";
import { useMe } from "./me.ts";

const WAYS = [
  { name: "home", to: "/", icon: <path d="M3.5 10.5 11 4l7.5 6.5V18h-5v-5h-5v5h-5z" /> },
  { name: "earnings", to: "/earnings", icon: <path d="M4 5h14M4 11h14M4 17h8" /> },
  {
    name: "team",
    to: "/team",
    icon: (
      <>
        <circle cx="11" cy="5" r="2.2" />
        <circle cx="5" cy="16.5" r="2.2" />
        <circle cx="17" cy="16.5" r="2.2" />
        <path d="M11 7.5V11M5 14v-3h12v3" />
      </>
    ),
  },
  {
    name: "materials",
    to: "/materials",
    icon: (
      <>
        <rect x="4" y="4" width="14" height="14" rx="2" />
        <path d="m4.500 15 4-4 3 3 2.500-2.500 3.500 3.500" />
      </>
    ),
  },
  {
    name: "me",
    to: "/me",
    icon: (
      <>
        <circle cx="11" cy="7.5" r="3.2" />
        <path d="M4.5 18c1-3.600 3.400-5 6.500-5s5.500 1.400 6.500 5" />
      </>
    ),
  },
] as const;

/** The frame of every page: ways on top where there is room, in a bar at the thumb where there is not. */
export function Shell() {
  const { t } = useTranslation("portal");
  const company = useCompany();
  const me = useMe();
  const { logo } = useBranding();
  const { location } = useRouterState();
  useEffect(() => {
    const heading = document.querySelector("h1")?.textContent;
    document.title = heading ? `${heading} · ${company.name}` : company.name;
  }, [location.pathname, company.name]);
  return (
    <div className="portal">
      <a className="skip-link" href="#page">
        {t("nav.skip")}
      </a>
      <header className="top">
        <span className="company">
          <Mark name={company.name} logo={logoOf(company.slug, logo)} />
          {company.name}
        </span>
        <nav aria-label={t("nav.main")}>
          {WAYS.filter(({ name }) => name !== "me").map(({ name, to }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === "/" }} activeProps={{ "aria-current": "page" }}>
              {t(`nav.${name}`)}
            </Link>
          ))}
        </nav>
        <Link
          to="/me"
          className="avatar"
          aria-label={
            me === undefined
              ? initialsOf(company.person)
              : t("nav.meOf", { name: `${initialsOf(company.person)}, ${company.person}`, id: me.distributor_id })
          }
        >
          {initialsOf(company.person)}
        </Link>
      </header>
      <main id="page">
        <Outlet />
      </main>
      <nav className="tabbar" aria-label={t("nav.phone")}>
        {WAYS.map(({ name, to, icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === "/" }} activeProps={{ "aria-current": "page" }}>
            <svg viewBox="0 0 22 22" aria-hidden="true">
              {icon}
            </svg>
            {t(`nav.${name}`)}
          </Link>
        ))}
      </nav>
    </div>
  );
}

const logoOf = (slug: string, logo: string | null) =>
  logo === null ? null : `/api/company/branding/picture?company=${encodeURIComponent(slug)}&v=${logo}`;
