import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Bone, BoneText } from "../../design/parts.tsx";
import { usePlace } from "../../shared/company.tsx";
import { formatDecimal, isZero } from "../../shared/money.ts";
import { Refused } from "../failure.tsx";
import { type Home, useHome, useStanding } from "../me.ts";
import { RankBlock } from "../rank-block.tsx";
import { RowBones } from "../row-bones.tsx";
import { ShareBlock } from "../share-block.tsx";
import { spanName } from "../spans.ts";

/** What was earned, what it takes to earn more, the link to share, and what the team did. */
export default function HomePage() {
  const { t } = useTranslation("portal");
  const { data, error, refetch } = useHome();
  if (error) return <Refused error={error} onAgain={() => void refetch()} />;
  return (
    <>
      <h1 className="vh">{t("home.title")}</h1>
      <div className="two-up">
        <div>
          <Earned home={data} />
          <Near home={data} />
          {/* What stands on the account decides where the rest stands. */}
          <section className="block-p o3" hidden={data === undefined}>
            <RankBlock />
          </section>
        </div>
        <div>
          <section className="block-p o2" hidden={data === undefined}>
            <ShareBlock home={data} />
          </section>
          <section className="block-p o4" hidden={data === undefined}>
            <Week home={data} />
          </section>
        </div>
      </div>
    </>
  );
}

function Earned({ home }: { home: Home | undefined }) {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const [first, ...others] = home?.earned ?? [];
  const currency = first?.currency ?? home?.balances[0]?.currency;
  return (
    <section className="block-p o1 hero">
      <p className="label">{home ? t("home.earnedSoFar", { span: spanName(home.span, place) }) : <Bone width={160} />}</p>
      <div className="figure">
        {home ? (
          <Link to="/earnings" search={{}} className="door shown">
            <Amount value={first?.amount ?? "0.00"} currency={currency ?? null} />
          </Link>
        ) : (
          <Bone width={140} />
        )}
        {others.map(({ amount, currency: other }) => (
          <div key={other}>
            <Amount value={amount} currency={other} />
          </div>
        ))}
      </div>
      <p className="note">{home ? earnedNote(home, t, place.language) : <BoneText>{t("home.waits")}</BoneText>}</p>
    </section>
  );
}

function earnedNote({ earned }: Home, t: ReturnType<typeof useTranslation<"portal">>["t"], language: string): string {
  const [first] = earned;
  if (first === undefined) return t("home.nothingYet");
  const back = isZero(first.taken_back) ? "" : ` ${t("home.takenBack", { amount: formatDecimal(first.taken_back, language) })}`;
  return t("home.waits") + back;
}

/** What stands on the account, and what a close now would add. */
function Near({ home }: { home: Home | undefined }) {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const { data: standing } = useStanding();
  const span = home ? spanName(home.span, place) : "";
  const gain = standing?.next?.gain;
  const why =
    standing === undefined
      ? ""
      : standing.estimate === null
        ? t("home.noPeriod")
        : isZero(standing.estimate.amount)
          ? t("home.asEarned")
          : t("home.ifClosedWhy");
  const more =
    gain && !isZero(gain) && standing?.next
      ? `; ${t("home.gain", { rank: standing.next.rank.name, amount: formatDecimal(gain, place.language) })}`
      : "";
  return (
    <section className="block-p o1 near">
      {home === undefined && <RowBones count={3} />}
      <div className="rows" hidden={home === undefined}>
        {(home?.balances ?? []).flatMap(({ currency, held, payable, recoverable }) => [
          <Row key={`${currency} held`} name={t("home.balance")} why={t("home.balanceWhy")} value={held} currency={currency} />,
          ...(isZero(payable)
            ? []
            : [
                <Row
                  key={`${currency} payable`}
                  name={t("home.payable")}
                  why={t("home.payableWhy")}
                  value={payable}
                  currency={currency}
                />,
              ]),
          ...(isZero(recoverable)
            ? []
            : [
                <Row
                  key={`${currency} owed`}
                  name={t("home.owed")}
                  why={t("home.owedWhy")}
                  value={recoverable}
                  currency={currency}
                />,
              ]),
        ])}
        {home && (
          <Link to="/rank">
            <span>
              {t("home.ifClosed", { span })}
              <span className="second">
                {standing === undefined ? <BoneText>{t("home.ifClosedWhy")}</BoneText> : why}
                {more}
              </span>
            </span>
            <b className="num">
              {standing === undefined ? (
                <Bone width={80} />
              ) : standing.estimate ? (
                <Amount value={standing.estimate.amount} currency={standing.currency} />
              ) : (
                "–"
              )}
            </b>
          </Link>
        )}
      </div>
    </section>
  );
}

function Row({ name, why, value, currency }: { name: string; why: string; value: string; currency: string }) {
  return (
    <Link to="/earnings" search={{}}>
      <span>
        {name}
        <span className="second">{why}</span>
      </span>
      <b className="num">
        <Amount value={value} currency={currency} />
      </b>
    </Link>
  );
}

function Week({ home }: { home: Home | undefined }) {
  const { t } = useTranslation("portal");
  const below = home?.team;
  return (
    <>
      <div className="section-head">
        <h2>{t("home.week")}</h2>
        <Link to="/team" search={{}}>
          {t("nav.team")}
        </Link>
      </div>
      {below?.people === 0 ? (
        <p className="sub">{t("home.noTeam")}</p>
      ) : (
        <ul className="rows">
          <li>
            <span>
              {t("home.ordersWeek")}
              <span className="second">
                {below ? t("home.ordersBy", { count: below.sellers_this_week, people: below.people }) : <Bone width={140} />}
              </span>
            </span>
            <span className="num">{below?.orders_this_week}</span>
          </li>
          <li>
            <span>
              {t("home.joined")}
              <span className="second">
                {below?.newest
                  ? t("home.joinedWho", {
                      name: below.newest.name ?? below.newest.distributor_id,
                      sponsor: below.newest.sponsor?.name ?? below.newest.sponsor?.distributor_id ?? "–",
                    })
                  : t("home.nobodyJoined")}
              </span>
            </span>
            <span className="num">{below?.joined_this_week}</span>
          </li>
        </ul>
      )}
    </>
  );
}
