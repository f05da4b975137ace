import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Count, Nothing } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Bone, Callout } from "../../design/parts.tsx";
import { Scrolled } from "../../design/scrolled.tsx";
import { Status } from "../../design/shapes.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { asOfDay } from "../../shared/moments.ts";
import { isMissing, problemOf } from "../../shared/problem.ts";
import { CsvDoor } from "../list-table.tsx";
import { type PlacementShape, useLegName, usePlacementPath } from "./placements.ts";
import { moveInTree } from "./tree-keys.ts";
import { TreeBones, TreePath } from "./tree-path.tsx";
import { TreeNote, TreeRow } from "./tree-row.tsx";

type Placed = BodyOf<Awaited<ReturnType<typeof hub.placements.below.$get>>>["items"][number];
const COLUMNS = 5;
const PAGE = "100";
/** The hub counts those below a row so far only. */
const MOST_COUNTED = 1_000;

interface TreeProps {
  readonly shape: PlacementShape;
  readonly chosen: string | undefined;
  readonly at: string | undefined;
  onChoose(id: string): void;
}

/** A placement tree as of a day, leg by leg: from the top, or from whoever is chosen with the way up to there. */
export function PlacementTree({ shape, chosen, at, onChoose }: TreeProps) {
  const { t } = useTranslation();
  const path = usePlacementPath({ tree: shape.tree, id: chosen, at });
  const asOf = asOfDay(at, useCompany().zone);
  if (path.error)
    return <Callout is="warn">{isMissing(path.error) ? t("network.nobody", { asked: chosen }) : problemOf(path.error)}</Callout>;
  if (chosen !== undefined && path.data === undefined) return <TreeBones />;
  const place = path.data?.place;
  const upline = path.data?.upline.toReversed() ?? [];
  return (
    <div>
      {chosen !== undefined && path.data !== undefined && place === null && (
        <Callout is="warn">
          {t(at === undefined ? "placement.waits" : "placement.waited", { id: chosen, tree: shape.tree })}{" "}
          {at === undefined && (
            <Link to="/network/waiting" search={{ tree: shape.tree, chosen }}>
              {t("placement.toTank")}
            </Link>
          )}
        </Callout>
      )}
      {place && (
        <TreePath
          path={upline.map((one) => ({ id: one.distributor_id, name: one.name ?? one.distributor_id }))}
          here={place.name ?? place.distributor_id}
          search={{ at, tree: shape.tree }}
        />
      )}
      <div className="table-tools">
        <CsvDoor list={hub.placements.$url({ query: { tree: shape.tree, ...asOf } })} />
      </div>
      <Scrolled label={t("placement.title", { tree: shape.tree })}>
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that opens and closes is a treegrid */}
        <table role="treegrid" className="tree" aria-label={t("placement.title", { tree: shape.tree })}>
          <thead>
            <tr>
              <th scope="col">{t("distributor")}</th>
              <th scope="col" className="beside">
                {t("person.paidAs")}
              </th>
              <th scope="col" className="beside">
                {t("state")}
              </th>
              <th scope="col" className="beside">
                {t("placement.since")}
              </th>
              <th scope="col" className="num">
                {t("network.below")}
              </th>
            </tr>
          </thead>
          <tbody onKeyDown={moveInTree}>
            {place ? (
              <PlacedRow
                key={`${place.distributor_id} ${at}`}
                one={place}
                depth={0}
                startsOpen
                {...{ shape, chosen, at, onChoose }}
              />
            ) : (
              <Below key={`top ${at}`} parent={undefined} depth={0} {...{ shape, chosen, at, onChoose }} />
            )}
          </tbody>
        </table>
      </Scrolled>
    </div>
  );
}

interface RowProps extends TreeProps {
  readonly one: Placed;
  readonly depth: number;
  readonly startsOpen?: boolean;
}

function PlacedRow({ one, depth, startsOpen = false, ...tree }: RowProps) {
  const { t } = useTranslation();
  const legName = useLegName(tree.shape);
  const [isOpen, setOpen] = useState(startsOpen);
  const id = one.distributor_id;
  const state = (
    <Status is={one.status === "active" ? "good" : "open"}>
      {t(`standing.${one.status}` as "standing.active", { defaultValue: one.status })}
    </Status>
  );
  return (
    <>
      <TreeRow
        id={id}
        name={one.name}
        depth={depth}
        isOpen={isOpen}
        isChosen={id === tree.chosen}
        below={
          <>
            {one.rank !== null && `${one.rank} · `}
            {state}
          </>
        }
        before={depth > 0 && <span className="leg">{legName(one.leg)}</span>}
        onToggle={() => setOpen(!isOpen)}
        onChoose={() => tree.onChoose(id)}
      >
        <td className="beside">{one.rank ?? <Nothing />}</td>
        <td className="beside">{state}</td>
        <td className="beside">
          <Moment at={one.since} as="day" />
        </td>
        <td className="num">
          {one.people_below >= MOST_COUNTED ? t("placement.more", { count: MOST_COUNTED }) : <Count value={one.people_below} />}
        </td>
      </TreeRow>
      {isOpen && <Below parent={one} depth={depth + 1} {...tree} />}
    </>
  );
}

/** Who stands on somebody's legs, with those that are free; without anybody, who stands at the top. */
function Below({ parent, depth, ...tree }: TreeProps & { readonly parent: Placed | undefined; readonly depth: number }) {
  const { t } = useTranslation();
  const { shape, at } = tree;
  const legName = useLegName(shape);
  const asOf = asOfDay(at, useCompany().zone);
  const parentId = parent?.distributor_id;
  const { data, error, isLoading, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["placed", shape.tree, parentId, at],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        hub.placements.below.$get({
          query: {
            ...{ tree: shape.tree, limit: PAGE, ...asOf },
            ...(parentId !== undefined && { parent_id: parentId }),
            ...(pageParam !== undefined && { before: pageParam }),
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  const note = (key: string, text: React.ReactNode) => (
    <TreeNote key={key} depth={depth} columns={COLUMNS}>
      {text}
    </TreeNote>
  );
  if (error) return note("failed", problemOf(error));
  if (isLoading) return note("loading", <Bone width={160} />);
  if (parent === undefined && rows.length === 0)
    return note("empty", t(at === undefined ? "placement.empty" : "placement.emptyThen"));
  const free =
    parent === undefined || hasNextPage
      ? []
      : Array.from({ length: shape.width }, (_, leg) => leg).filter((leg) => !rows.some((one) => one.leg === leg));
  return (
    <>
      {rows.map((one) => (
        <PlacedRow key={one.distributor_id} one={one} depth={depth} {...tree} />
      ))}
      {free.length > 0 && note("free", t("placement.free", { legs: legsTold(free, legName), count: free.length }))}
      {hasNextPage &&
        note(
          "more",
          <button type="button" className="btn quiet small" onClick={() => void fetchNextPage()}>
            {t("more")}
          </button>,
        )}
    </>
  );
}

/** Of a wide tree the first few of its free legs. */
function legsTold(free: readonly number[], legName: (leg: number) => string): string {
  const named = free.slice(0, 3).map(legName).join(", ");
  return free.length <= 3 ? named : `${named}, +${free.length - 3}`;
}
