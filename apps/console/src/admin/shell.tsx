import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { signOut } from "../shared/auth.ts";
import { useCompany } from "../shared/company.tsx";
import { useEvents } from "../shared/events.ts";
import { waysOf } from "./navigation.ts";
import { useWaiting } from "./waiting.ts";

const Finder = lazy(() => import("./finder.tsx"));

/** The frame of every page: ways at the left, a page at the right; below 900 px the ways are a drawer. */
export function Shell() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [isFinding, setFinding] = useState(false);
  const { location } = useRouterState();
  useEvents(useCompany().slug);
  useEffect(() => setOpen(false), [location.pathname]);
  useShortcuts(() => setFinding(true));
  return (
    <>
      <a className="skip-link" href="#page">
        {t("nav.skip")}
      </a>
      <div className="topbar">
        <button type="button" className="btn" aria-expanded={isOpen} aria-controls="ways" onClick={() => setOpen(!isOpen)}>
          {t("nav.menu")}
        </button>
        <button type="button" className="btn" onClick={() => setFinding(true)}>
          {t("nav.find")}
        </button>
      </div>
      <div className="shell">
        <Sidebar isOpen={isOpen} onFind={() => setFinding(true)} />
        <main className="main" id="page">
          <Outlet />
        </main>
      </div>
      {isFinding && (
        <Suspense>
          <Finder onClose={() => setFinding(false)} />
        </Suspense>
      )}
    </>
  );
}

function Sidebar({ isOpen, onFind }: { isOpen: boolean; onFind: () => void }) {
  const { t } = useTranslation();
  const company = useCompany();
  const waiting = useWaiting();
  return (
    <aside className={`sidebar${isOpen ? " open" : ""}`} id="ways" aria-label={t("nav.sections")}>
      <div className="company">
        <span className="mark" aria-hidden="true">
          {company.name.slice(0, 1)}
        </span>
        {company.name}
      </div>
      <button type="button" className="find" onClick={onFind}>
        <span>{t("nav.find")}</span>
        <kbd>⌘K</kbd>
      </button>
      <nav className="nav" aria-label={t("nav.main")}>
        {waysOf(company.role).map((group) => (
          <div key={group[0]?.to}>
            {group.map(({ name, to, waits }) => {
              const count = waits === undefined ? 0 : (waiting?.[waits] ?? 0);
              const hasMore = waits === "skus" && waiting?.hasMoreSkus === true;
              return (
                <Link
                  key={to}
                  to={to}
                  preload="intent"
                  activeOptions={{ exact: to === "/" }}
                  activeProps={{ "aria-current": "page" }}
                >
                  {t(name)}
                  {count > 0 && <span className="count">{hasMore ? `${count}+` : count}</span>}
                </Link>
              );
            })}
          </div>
        ))}
      </nav>
      <div className="me">
        <div>{company.person}</div>
        <div className="note">
          {t(`role.${company.role}` as "role.owner", { defaultValue: company.role })} · {company.zone}
        </div>
        {company.others.map(({ slug, name }) => (
          <button key={slug} type="button" className="btn quiet small" onClick={() => company.change(slug)}>
            {t("nav.goTo", { name })}
          </button>
        ))}
        <button
          type="button"
          className="btn quiet small"
          onClick={() => void signOut().finally(() => window.location.assign("/console"))}
        >
          {t("nav.signOut")}
        </button>
      </div>
    </aside>
  );
}

/** ⌘K finds; G and a letter goes; / stands in the filter. Nothing here releases or confirms money. */
function useShortcuts(find: () => void): void {
  const { role } = useCompany();
  const navigate = useNavigate();
  useEffect(() => {
    let wentAt = 0;
    const ways = waysOf(role).flat();
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        find();
        return;
      }
      const inField = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable]");
      if (inField || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === "/") {
        const filter = document.querySelector<HTMLElement>(".toolbar .input");
        if (filter) {
          event.preventDefault();
          filter.focus();
        }
      } else if (event.key === "j" && document.activeElement === document.body) {
        document.querySelector<HTMLElement>("[data-row]")?.focus();
      } else if (event.key === "g") {
        wentAt = Date.now();
      } else if (Date.now() - wentAt < 1_500) {
        const way = ways.find(({ letter }) => letter === event.key);
        if (way) void navigate({ to: way.to });
        wentAt = 0;
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [find, navigate, role]);
}
