import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount, Count, Nothing } from "../../design/amount.tsx";
import { Door } from "../../design/page.tsx";
import { Bone } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { usePlace } from "../../shared/company.tsx";
import { formatDecimal } from "../../shared/money.ts";
import { problemOf } from "../../shared/problem.ts";
import { type Grouped, restWithout, useFrontline } from "./frontline.ts";
import { indentOf, TreeNote, TreeRow } from "./tree-row.tsx";

const COLUMNS = 7;

export interface TreeProps {
  readonly chosen: string | undefined;
  readonly at: string | undefined;
  /** The people on the way to whoever was looked for who are to be seen, the first of them next. */
  readonly way: readonly string[];
  readonly depth: number;
  onChoose(id: string): void;
}

/** Somebody whose row is not known from a frontline: it is asked for together with those below. */
export function Branch({ id, ...tree }: TreeProps & { readonly id: string }) {
  const { distributor, period, error } = useFrontline({ id, at: tree.at });
  if (error) return <Told depth={tree.depth} text={problemOf(error)} />;
  return distributor === null ? <Bones depth={tree.depth} /> : <Row one={distributor} periodId={period?.period_id} {...tree} />;
}

interface RowProps extends TreeProps {
  readonly one: Grouped;
  /** Whose volumes these are. */
  readonly periodId: string | undefined;
}

function Row({ one, periodId, way, depth, ...tree }: RowProps) {
  const id = one.distributor_id;
  const isOnWay = way[0] === id;
  const [isOpen, setOpen] = useState(isOnWay);
  return (
    <>
      <TreeRow
        id={id}
        name={one.name}
        depth={depth}
        isOpen={one.frontline === 0 ? undefined : isOpen}
        isChosen={id === tree.chosen}
        below={
          <>
            {one.rank_name !== null && `${one.rank_name} · `}
            <Activity one={one} />
          </>
        }
        onToggle={() => setOpen(!isOpen)}
        onChoose={() => tree.onChoose(id)}
      >
        <td className="beside">{one.rank_name ?? <Nothing />}</td>
        <td className="beside">
          <Activity one={one} />
        </td>
        <td className="num beside">
          {one.pv === null ? (
            <Nothing />
          ) : (
            <Door to="/orders" search={{ distributor: id }}>
              <Amount value={one.pv} />
            </Door>
          )}
        </td>
        <td className="num">
          {one.gv === null ? (
            <Nothing />
          ) : periodId === undefined ? (
            <Amount value={one.gv} />
          ) : (
            <Door to="/periods/$periodId" params={{ periodId }} search={{ distributor: id }}>
              <Amount value={one.gv} />
            </Door>
          )}
        </td>
        <td className="num beside">
          <Count value={one.frontline} />
        </td>
        <td className="num">
          <Count value={one.downline} />
        </td>
      </TreeRow>
      {isOpen && one.frontline > 0 && (
        <Frontline of={id} name={one.name ?? id} depth={depth + 1} way={isOnWay ? way.slice(1) : []} {...tree} />
      )}
    </>
  );
}

/** Whether somebody is active in the period, or what they are short of. */
function Activity({ one }: { one: Grouped }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  if (one.active === false && one.short_of_active !== "0")
    return <Status is="open">{t("network.short", { pv: formatDecimal(one.short_of_active, language) })}</Status>;
  return (
    <Status is={one.status === "active" ? "good" : "open"}>
      {t(`standing.${one.status}` as "standing.active", { defaultValue: one.status })}
    </Status>
  );
}

interface FrontlineProps extends TreeProps {
  /** Undefined: the company. */
  readonly of: string | undefined;
  readonly name: string;
  readonly isReading?: boolean;
}

/** Whom somebody sponsors, whoever is on the way among them, and in one row those who are not shown. */
export function Frontline({ of, name, way, depth, isReading = false, ...tree }: FrontlineProps) {
  const { t } = useTranslation();
  const line = useFrontline({ id: of, at: tree.at, isOpen: !isReading });
  const [next] = way;
  const isPinned = next !== undefined && line.rows?.every((one) => one.distributor_id !== next) === true;
  const pinned = useFrontline({ id: next, at: tree.at, isOpen: isPinned }).distributor;
  if (line.error) return <Told depth={depth} text={problemOf(line.error)} />;
  if (line.rows === undefined) return <Bones depth={depth} />;
  if (of === undefined && line.rows.length === 0) return <Told depth={depth} text={t("network.empty")} />;
  const rest = line.rest && restWithout(line.rest, isPinned ? pinned : null);
  return (
    <>
      {line.rows.map((one) => (
        <Row key={one.distributor_id} one={one} periodId={line.period?.period_id} depth={depth} way={way} {...tree} />
      ))}
      {isPinned && <Branch id={next} depth={depth} way={way} {...tree} />}
      {rest !== undefined && rest.distributors > 0 && (
        <tr className="soft">
          <td>
            <span className="tree-more" style={indentOf(depth)}>
              <button type="button" className="as-link" disabled={line.isFetchingMore} onClick={line.fetchMore}>
                {t("network.more", { count: rest.distributors, name })}
              </button>
            </span>
          </td>
          <td className="beside" />
          <td className="beside" />
          <td className="num beside" />
          <td className="num">{rest.gv === null ? <Nothing /> : <Amount value={rest.gv} />}</td>
          <td className="num beside" />
          <td className="num">
            <Count value={rest.downline} />
          </td>
        </tr>
      )}
    </>
  );
}

function Told({ depth, text }: { depth: number; text: string }) {
  return (
    <TreeNote depth={depth} columns={COLUMNS}>
      {text}
    </TreeNote>
  );
}

/** What is being read, in the widths of what comes. */
function Bones({ depth }: { depth: number }) {
  return (
    <tr aria-busy="true">
      <td>
        <span style={indentOf(depth)}>
          <Bone width={132} />
        </span>
      </td>
      <td className="beside">
        <Bone width={56} />
      </td>
      <td className="beside">
        <Bone width={56} />
      </td>
      <td className="num beside">
        <Bone width={24} />
      </td>
      <td className="num">
        <Bone width={40} />
      </td>
      <td className="num beside">
        <Bone width={16} />
      </td>
      <td className="num">
        <Bone width={32} />
      </td>
    </tr>
  );
}
