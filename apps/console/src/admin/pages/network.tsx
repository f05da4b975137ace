import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import "../../design/choices.css";
import { Page } from "../../design/page.tsx";
import { BoneText, Callout } from "../../design/parts.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { beginningOf, dayOf } from "../../shared/moments.ts";
import { formatDecimal } from "../../shared/money.ts";
import { ADMINS, CARE } from "../rights.ts";
import { DistributorPanel } from "./distributor-panel.tsx";
import { Enrol } from "./enrol.tsx";
import { useFrontline } from "./frontline.ts";
import { PersonFinder } from "./person-finder.tsx";
import { PlacementTree } from "./placement-tree.tsx";
import { usePlacementTrees } from "./placements.ts";
import { SponsorTree } from "./sponsor-tree.tsx";

const route = getRouteApi("/network");

/** How many there are, and how many of them are active in the period that holds the day. */
function useAbout(at: string | undefined): ReactNode {
  const { t } = useTranslation();
  const { language } = usePlace();
  const { whole, period, rows, error } = useFrontline({ id: undefined, at });
  const told = (count: number) => formatDecimal(String(count), language);
  if (rows === undefined && !error)
    return <BoneText>{t("network.aboutActive", { count: 1_000, people: told(1_000), active: 100, period: "2026-01" })}</BoneText>;
  if (whole === undefined) return t("network.about");
  const words = { count: whole.downline, people: told(whole.downline) };
  return whole.active === null
    ? t("network.aboutCount", words)
    : t("network.aboutActive", { ...words, active: told(whole.active), period: period?.name ?? "" });
}

/** Who stands below whom as of a day, by sponsors or in a placement tree, with whoever is chosen beside it. */
export default function Network() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { chosen, at, tree } = search;
  const known = usePlacementTrees();
  const trees = known ?? [];
  const shape = trees.find((one) => one.tree === tree);
  const waiting = trees.reduce((most, one) => Math.max(most, one.waiting), 0);
  const { role, zone } = useCompany();
  const place = usePlace();
  const [isEnrolling, setEnrolling] = useState(false);
  const choose = (id: string) => void navigate({ search: { ...search, chosen: id } });
  return (
    <Page
      title={t("nav.network")}
      about={useAbout(at)}
      actions={
        <>
          {trees.length > 0 && (
            <Link className="btn" to="/network/waiting">
              {waiting === 0 ? t("tank.title") : t("tank.open", { count: waiting })}
            </Link>
          )}
          {known !== undefined && ADMINS.includes(role) && (
            <Link className="btn" to="/network/import">
              {t("bring.open")}
            </Link>
          )}
          {known !== undefined && CARE.includes(role) && (
            <button type="button" className="btn" onClick={() => setEnrolling(true)}>
              {t("enrol.open")}
            </button>
          )}
        </>
      }
    >
      {/* Which trees there are decides how high the head is, and with it where all of this stands. */}
      <div hidden={known === undefined}>
        <div className="toolbar">
          <PersonFinder
            label={t("network.find")}
            value={chosen ?? ""}
            onChoose={({ id }) => choose(id)}
            onType={(text) => void navigate({ search: { ...search, chosen: text || undefined } })}
          />
          {trees.length > 0 && (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame that every browser draws differently
            <div className="segmented" role="group" aria-label={t("placement.which")}>
              {[undefined, ...trees.map((one) => one.tree)].map((name) => (
                <button
                  key={name ?? ""}
                  type="button"
                  aria-pressed={(shape?.tree ?? undefined) === name}
                  onClick={() => void navigate({ search: { ...search, tree: name } })}
                >
                  {name === undefined ? t("placement.sponsors") : trees.length === 1 ? t("placement.one") : name}
                </button>
              ))}
            </div>
          )}
          <span className="push" />
          <label className="row">
            <span className="sub">{t("network.asOf")}</span>
            <input
              className="input"
              style={{ width: 150 }}
              type="date"
              value={at ?? ""}
              onChange={({ target }) =>
                void navigate({ search: { ...search, at: target.value === "" ? undefined : target.value } })
              }
            />
          </label>
        </div>
        {at !== undefined && (
          <Callout is="warn">
            {t("network.asOfBand", { day: dayOf(beginningOf(at, zone), place) })}{" "}
            <button type="button" className="btn small" onClick={() => void navigate({ search: { ...search, at: undefined } })}>
              {t("network.now")}
            </button>
          </Callout>
        )}
        <div className="cols">
          {shape === undefined ? (
            <SponsorTree chosen={chosen} at={at} onChoose={choose} />
          ) : (
            <PlacementTree shape={shape} chosen={chosen} at={at} onChoose={choose} />
          )}
          {chosen !== undefined && <DistributorPanel key={`${chosen} ${at}`} id={chosen} at={at} shape={shape} />}
        </div>
      </div>
      {isEnrolling && (
        <Enrol
          sponsor={chosen}
          onDone={(id) => {
            setEnrolling(false);
            choose(id);
          }}
          onClose={() => setEnrolling(false)}
        />
      )}
    </Page>
  );
}
