import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Count } from "../../design/amount.tsx";
import { Door } from "../../design/page.tsx";
import { Bone, Callout } from "../../design/parts.tsx";
import { Scrolled } from "../../design/scrolled.tsx";
import { Status } from "../../design/shapes.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { asOfDay } from "../../shared/moments.ts";
import { isMissing, problemOf } from "../../shared/problem.ts";
import { CsvDoor } from "../list-table.tsx";
import { moveInTree } from "./tree-keys.ts";
import { TreeNote, TreeRow } from "./tree-row.tsx";

type Distributor = BodyOf<Awaited<ReturnType<typeof hub.distributors.$get>>>["items"][number];
const FRONTLINE = 20;
/** Levels of a downline that its file holds. */
const DEEPEST = "50";

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

/** Sponsors as of a day: the way from the top to whoever is chosen, and below everybody what is opened. */
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
  const newest = useQuery({
    queryKey: ["distributors", "newest", at],
    enabled: chosen === undefined,
    queryFn: () => answerOf(hub.distributors.$get({ query: { limit: "30", ...asOf } })),
  });
  if (found.error)
    return (
      <Callout is="warn">{isMissing(found.error) ? t("network.nobody", { asked: chosen }) : problemOf(found.error)}</Callout>
    );
  const path = upline.data?.items.toReversed() ?? [];
  const roots = chosen === undefined ? newest.data?.items : found.data && [found.data];
  return (
    <div>
      {path.length > 0 && (
        <nav className="path" aria-label={t("network.path")}>
          <span>{t("network.fromTop")}</span>
          {path.map((one) => (
            <span key={one.distributor_id}>
              <Door shown to="/network" search={{ chosen: one.distributor_id, at }}>
                {one.name ?? one.distributor_id}
              </Door>
              {" ›"}
            </span>
          ))}
          <b>{found.data?.name ?? id}</b>
        </nav>
      )}
      <div className="table-tools">
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
      <Scrolled label={t("nav.network")}>
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that opens and closes is a treegrid */}
        <table role="treegrid" aria-label={t("nav.network")}>
          <thead>
            <tr>
              <th scope="col">{t("distributor")}</th>
              <th scope="col">{t("rank")}</th>
              <th scope="col">{t("state")}</th>
              <th scope="col">{t("network.country")}</th>
              <th scope="col" className="num">
                {t("network.below")}
              </th>
            </tr>
          </thead>
          <tbody onKeyDown={moveInTree}>
            {roots === undefined ? (
              <tr>
                <td colSpan={5}>
                  <Bone width={240} />
                </td>
              </tr>
            ) : roots.length === 0 ? (
              <tr>
                <td colSpan={5}>{t("network.empty")}</td>
              </tr>
            ) : (
              roots.map((one) => (
                <Branch
                  key={`${one.distributor_id} ${at}`}
                  one={one}
                  depth={0}
                  at={at}
                  chosen={id}
                  startsOpen={chosen !== undefined}
                  onChoose={onChoose}
                />
              ))
            )}
          </tbody>
        </table>
      </Scrolled>
      {chosen === undefined && <p className="note">{t("network.newest")}</p>}
    </div>
  );
}

interface BranchProps {
  readonly one: Distributor;
  readonly depth: number;
  readonly at: string | undefined;
  readonly chosen: string | undefined;
  readonly startsOpen?: boolean;
  onChoose(id: string): void;
}

/** One row and, when it is opened, the frontline below it, so many at a time. */
function Branch({ one, depth, at, chosen, startsOpen = false, onChoose }: BranchProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(startsOpen);
  const id = one.distributor_id;
  const asOf = asOfDay(at, useCompany().zone);
  const levels = useQuery({
    queryKey: ["levels", id, at],
    queryFn: () => answerOf(hub.distributors[":distributor_id"].levels.$get({ param: { distributor_id: id }, query: asOf })),
  });
  const frontline = useInfiniteQuery({
    queryKey: ["frontline", id, at],
    enabled: isOpen,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        hub.distributors[":distributor_id"].downline.$get({
          param: { distributor_id: id },
          query: { depth: "1", limit: String(FRONTLINE), ...asOf, ...(pageParam !== undefined && { before: pageParam }) },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const below = levels.data?.distributors;
  const rows = frontline.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <TreeRow
        id={id}
        name={one.name}
        depth={depth}
        isOpen={below === 0 ? undefined : isOpen}
        isChosen={id === chosen}
        onToggle={() => setOpen(!isOpen)}
        onChoose={() => onChoose(id)}
      >
        <td>{one.rank ?? "–"}</td>
        <td>
          <Status is={one.status === "active" ? "good" : "open"}>
            {t(`standing.${one.status}` as "standing.active", { defaultValue: one.status })}
          </Status>
        </td>
        <td>{one.country ?? "–"}</td>
        <td className="num">{below === undefined ? <Bone width={32} /> : <Count value={below} />}</td>
      </TreeRow>
      {isOpen &&
        rows.map((child) => (
          <Branch key={child.distributor_id} one={child} depth={depth + 1} at={at} chosen={chosen} onChoose={onChoose} />
        ))}
      {isOpen && frontline.isLoading && (
        <TreeNote depth={depth + 1} columns={5}>
          <Bone width={160} />
        </TreeNote>
      )}
      {isOpen && frontline.hasNextPage && (
        <TreeNote depth={depth + 1} columns={5}>
          <button type="button" className="btn quiet small" onClick={() => void frontline.fetchNextPage()}>
            {t("network.more", { name: one.name ?? id })}
          </button>
        </TreeNote>
      )}
    </>
  );
}
