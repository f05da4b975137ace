import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "../../design/parts.tsx";
import { useCompany } from "../../shared/company.tsx";

interface Step {
  readonly id: string;
  readonly name: string;
}

/** Of a long way so many at each end are shown. */
const FIRST = 1;
const LAST = 3;

/** Until the way and the lines along it are known: where the tree begins hangs on how long the way is. */
export function TreeBones() {
  return (
    <ul className="stack" aria-busy="true">
      {[240, 320, 180, 280, 200].map((width) => (
        <li key={width}>
          <Bone width={width} />
        </li>
      ))}
    </ul>
  );
}

/** The way from the company down to whoever is looked at; the middle of a long one is folded. */
export function TreePath({
  path,
  here,
  search,
}: {
  path: readonly Step[];
  here: string;
  search: { readonly at: string | undefined; readonly tree?: string | undefined };
}) {
  const { t } = useTranslation();
  const { name } = useCompany();
  const [isWhole, setWhole] = useState(false);
  const folded = isWhole || path.length <= FIRST + LAST + 1 ? 0 : path.length - FIRST - LAST;
  const step = (one: Step) => (
    <li key={one.id}>
      <Link to="/network" search={{ ...search, chosen: one.id }}>
        {one.name}
      </Link>
    </li>
  );
  return (
    <nav className="path" aria-label={t("network.path")}>
      <span>{t("network.fromTop")}</span>
      <ol>
        <li>
          <Link to="/network" search={search}>
            {name}
          </Link>
        </li>
        {path.slice(0, folded === 0 ? path.length : FIRST).map(step)}
        {folded > 0 && (
          <li>
            <button type="button" className="as-link" onClick={() => setWhole(true)}>
              {t("network.folded", { count: folded })}
            </button>
          </li>
        )}
        {folded > 0 && path.slice(-LAST).map(step)}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  );
}
