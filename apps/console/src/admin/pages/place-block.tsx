import { useTranslation } from "react-i18next";
import { Count } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door } from "../../design/page.tsx";
import { Bone, Defs } from "../../design/parts.tsx";
import { type PlacementShape, useLegName, usePlacementPath } from "./placements.ts";

/** The hub counts the people of a leg so far only. */
const MOST_COUNTED = 100_000;

/** Where somebody stands in a placement tree, and how many on each leg. */
export function PlaceBlock({ id, at, shape }: { id: string; at: string | undefined; shape: PlacementShape }) {
  const { t } = useTranslation();
  const legName = useLegName(shape);
  const { data } = usePlacementPath({ tree: shape.tree, id, at });
  if (data?.place === null) return null;
  const above = data?.upline[0];
  return (
    <>
      <hr className="rule" />
      <h3>{t("placement.title", { tree: shape.tree })}</h3>
      {data === undefined ? (
        <Bone width={180} />
      ) : (
        <>
          <p className="sub">
            {above === undefined
              ? t("placement.top")
              : t("placement.under", { leg: legName(data.place?.leg ?? 0), name: above.name ?? above.distributor_id })}{" "}
            {data.place && <Moment at={data.place.since} as="day" />}
          </p>
          <Defs
            rows={data.legs
              .filter(({ leg, distributor }) => leg < 2 || distributor !== null)
              .map((one) => ({
                name:
                  one.distributor === null ? (
                    t("placement.legFree", { leg: legName(one.leg) })
                  ) : (
                    <>
                      {legName(one.leg)}{" "}
                      <Door to="/network" search={{ chosen: one.distributor.distributor_id, at, tree: shape.tree }}>
                        {one.distributor.name ?? one.distributor.distributor_id}
                      </Door>
                    </>
                  ),
                value: one.people >= MOST_COUNTED ? t("placement.more", { count: MOST_COUNTED }) : <Count value={one.people} />,
              }))}
          />
        </>
      )}
    </>
  );
}
