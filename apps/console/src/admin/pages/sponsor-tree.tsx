import { useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Callout } from "../../design/parts.tsx";
import { Scrolled } from "../../design/scrolled.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { asOfDay } from "../../shared/moments.ts";
import { formatDecimal } from "../../shared/money.ts";
import { isMissing, problemOf } from "../../shared/problem.ts";
import { CsvDoor } from "../list-table.tsx";
import { useFrontline } from "./frontline.ts";
import { Branch, Frontline } from "./frontline-rows.tsx";
import { moveInTree } from "./tree-keys.ts";
import { TreeBones, TreePath } from "./tree-path.tsx";

type Distributor = BodyOf<Awaited<ReturnType<typeof hub.distributors.$get>>>["items"][number];
/** So many above whoever is chosen are rows of the tree; the way further up stands over it. */
const SHOWN_ABOVE = 2;
/** Levels of a downline that its file holds. */
const DEEPEST = "50";
/** With more terms nobody reads a sum. */
const MOST_TERMS = 9;

/** A code leads to whose it is, so that people can be found by what a buyer typed. */
async function findDistributor(asked: string, query: { at?: string }): Promise<Distributor> {
  try {
    return await answerOf(hub.distributors[":distributor_id"].$get({ param: { distributor_id: asked }, query }));
  } catch (error) {
    if (!isMissing(error)) throw error;
    const { items } = await answerOf(hub.distributors.$get({ query: { code: asked, limit: "1", ...query } }));
    const [found] = items;
    if (found === undefined) throw error;
    return found;
  }
}

interface TreeProps {
  readonly chosen: string | undefined;
  readonly at: string | undefined;
  onChoose(id: string): void;
}

/** Sponsors as of a day: the way from the top to whoever is chosen, and below everybody what is opened, the largest groups first. */
export function SponsorTree({ chosen, at, onChoose }: TreeProps) {
  const { t } = useTranslation();
  const asOf = asOfDay(at, useCompany().zone);
  const found = useQuery({
    queryKey: ["distributor", chosen, at],
    enabled: chosen !== undefined,
    queryFn: () => findDistributor(chosen ?? "", asOf),
  });
  const id = found.data?.distributor_id;
  const upline = useQuery({
    queryKey: ["upline", id, at],
    enabled: id !== undefined,
    queryFn: () =>
      answerOf(hub.distributors[":distributor_id"].upline.$get({ param: { distributor_id: id ?? "" }, query: asOf })),
  });
  // Whoever is chosen among the rows does not move them.
  const [held, setHeld] = useState<{ readonly chosen: string; readonly way: readonly string[] } | null>(null);
  const path = upline.data?.items.toReversed() ?? [];
  const isHeld = held !== null && held.chosen === chosen;
  const isKnown = isHeld || chosen === undefined || upline.data !== undefined;
  const way = isHeld ? held.way : id === undefined ? [] : [...path.slice(-SHOWN_ABOVE).map((one) => one.distributor_id), id];
  const isTold = useLinesOf(way, at, isKnown);
  if (found.error)
    return (
      <Callout is="warn">{isMissing(found.error) ? t("network.nobody", { asked: chosen }) : problemOf(found.error)}</Callout>
    );
  if (chosen !== undefined && !isTold) return <TreeBones />;
  const choose = (one: string) => {
    setHeld({ chosen: one, way });
    onChoose(one);
  };
  return (
    <div aria-busy={!isTold}>
      {id !== undefined && (
        <TreePath
          path={path.map((one) => ({ id: one.distributor_id, name: one.name ?? one.distributor_id }))}
          here={found.data?.name ?? id}
          search={{ at }}
        />
      )}
      <Rows key={`${way[0]} ${at}`} way={way} isKnown={isTold} chosen={id ?? chosen} at={at} onChoose={choose} />
      <div className="table-tools" hidden={!isTold}>
        <CsvDoor
          list={
            id === undefined
              ? hub.distributors.$url({ query: asOf })
              : hub.distributors[":distributor_id"].downline.$url({
                  param: { distributor_id: id },
                  query: { ...asOf, depth: DEEPEST },
                })
          }
        />
      </div>
    </div>
  );
}

/** Asks for every line on a way at once, and says when all are there: the tree is drawn as high as it will be. */
function useLinesOf([first, second, third]: readonly string[], at: string | undefined, isKnown: boolean): boolean {
  const lines = [
    useFrontline({ id: first, at, isOpen: isKnown }),
    useFrontline({ id: second ?? first, at, isOpen: isKnown }),
    useFrontline({ id: third ?? first, at, isOpen: isKnown }),
  ];
  return isKnown && lines.every(({ rows, error }) => rows !== undefined || error !== null);
}

interface RowsProps extends TreeProps {
  /** From the first row down to whoever was looked for; without anybody the company's own frontline. */
  readonly way: readonly string[];
  readonly isKnown: boolean;
}

function Rows({ way, isKnown, chosen, at, onChoose }: RowsProps) {
  const { t } = useTranslation();
  const [root] = way;
  const { name } = useCompany();
  const { period, rows, whole } = useFrontline({ id: root, at, isOpen: isKnown });
  const tree = { chosen, at, onChoose };
  return (
    <>
      <Scrolled label={t("nav.network")}>
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that opens and closes is a treegrid */}
        <table role="treegrid" className="tree" aria-label={t("nav.network")}>
          <thead>
            <tr>
              <th scope="col">{t("distributor")}</th>
              <th scope="col" className="beside">
                {t("person.paidAs")}
              </th>
              <th scope="col" className="beside">
                {period?.name ?? t("state")}
              </th>
              <th scope="col" className="num beside">
                PV
              </th>
              <th scope="col" className="num" aria-sort={period === null ? undefined : "descending"}>
                GV{period !== null && <span aria-hidden="true"> ↓</span>}
              </th>
              <th scope="col" className="num beside">
                {t("network.frontline")}
              </th>
              <th scope="col" className="num">
                {t("network.downline")}
              </th>
            </tr>
          </thead>
          <tbody onKeyDown={moveInTree}>
            {root === undefined ? (
              <Frontline of={undefined} name={name} depth={0} way={[]} {...tree} isReading={!isKnown} />
            ) : (
              <Branch id={root} depth={0} way={way} {...tree} />
            )}
          </tbody>
        </table>
      </Scrolled>
      {rows !== undefined && period !== null && whole !== undefined && <Sum root={root} at={at} />}
      {isKnown && rows !== undefined && period === null && <p className="note">{t("network.noPeriod")}</p>}
    </>
  );
}

/** The first row's group volume as what it is the sum of. */
function Sum({ root, at }: { root: string | undefined; at: string | undefined }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const { rows = [], rest, distributor, whole } = useFrontline({ id: root, at });
  const terms = [...(distributor ? [distributor.pv] : []), ...rows.map(({ gv }) => gv), ...(rest?.distributors ? [rest.gv] : [])];
  const told = terms.map((term) => formatDecimal(term ?? "0", language));
  const isShort = told.length > 1 && told.length <= MOST_TERMS;
  return (
    <p className="note">
      {isShort && whole?.gv
        ? t("network.sumTold", { sum: `${told.join(" + ")} = ${formatDecimal(whole.gv, language)}` })
        : t("network.sum")}{" "}
      {t("network.booked")}
    </p>
  );
}
