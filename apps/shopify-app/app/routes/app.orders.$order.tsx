import { answerOf } from "@upline/hub/client";
import { useLoaderData } from "../framework/client.ts";
import { data, type HeadersArgs, type LoaderFunctionArgs } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import { reading } from "../page-data.server.ts";
import { PageFailure } from "../ui/failure.tsx";
import { OrderStates } from "../ui/order-table.tsx";
import { Door, Page, Section } from "../ui/page.tsx";
import { useSpeech } from "../ui/speech.ts";
import { Empty, type Mark, State } from "../ui/states.tsx";
import { Table } from "../ui/table.tsx";
import { openConnected } from "../visit.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { asked, storeId } = await openConnected(args);
  const id = args.params.order ?? "";
  if (!/^\d{1,18}$/.test(id)) throw data(null, { status: 404 });
  return reading(async () => {
    const order = await answerOf(asked.orders[":order_id"].$get({ param: { order_id: id } }));
    // The company may have other shops; this one shows its own.
    if (order.store_id !== storeId) throw data(null, { status: 404 });
    const owner = order.attribution.distributor_id;
    const ids = [...new Set([owner, ...order.commissions.map((paid) => paid.distributor_id)].filter((who) => who !== null))];
    const people = await Promise.all(
      ids
        .slice(0, 30)
        .map((who) => answerOf(asked.distributors[":distributor_id"].$get({ param: { distributor_id: who }, query: {} }))),
    );
    return { order, names: Object.fromEntries(people.map((person) => [person.distributor_id, person.name ?? ""])) };
  });
}

type Data = Awaited<ReturnType<typeof loader>>;

export default function Order() {
  const { order, names } = useLoaderData<typeof loader>();
  const { text, moment, money } = useSpeech();
  const paid = (amount: string) => money(amount, order.currency);
  const summary = text("order.money", { total: paid(order.total), net: paid(order.net) });
  const back = Number(order.refunded_net) > 0 ? ` · ${text("order.money.refunded", { amount: paid(order.refunded_net) })}` : "";
  return (
    <Page title={text("order.title", { name: order.order_name })} intro={`${moment(order.order_ts)} · ${summary}${back}`}>
      <div className="up-actions">
        <Door to="/app/orders">{`← ${text("orders.title")}`}</Door>
        <OrderStates order={{ ...order, self_purchase: order.self_purchase }} />
      </div>
      <Attribution order={order} names={names} />
      <Commissions order={order} names={names} />
      <Lines order={order} />
      {order.refunds.length > 0 && (
        <Section title={text("order.refunds")}>
          <ul className="up-list">
            {order.refunds.map(({ refund_id, at, amount, detail }) => (
              <li key={refund_id}>
                {paid(amount)} · {moment(at)} {detail && <span className="up-sub">{detail}</span>}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

const OUTCOME_MARKS: Readonly<Record<string, Mark>> = {
  chosen: "success",
  "unknown-code": "attention",
  "not-eligible": "attention",
  "contradicts-itself": "attention",
  "period-closed": "attention",
};

function personOf(names: Data["names"], id: string): string {
  const name = names[id];
  return name ? `${name} (${id})` : id;
}

function Attribution({ order: { attribution, upline }, names }: Data) {
  const { text, named } = useSpeech();
  const { distributor_id: owner, candidates } = attribution;
  const title =
    owner !== null
      ? text("order.owner.is", { id: personOf(names, owner) })
      : text(attribution.unresolved ? "order.owner.unknown" : "order.owner.none");
  const above = upline.slice(1).map(({ distributor_id: id, rank }) => (rank === null ? id : `${id} (${rank})`));
  return (
    <Section title={text("order.owner")}>
      <p>
        <strong>{title}</strong>
        <span className="up-sub">{attribution.why}</span>
      </p>
      {candidates.length === 0 ? (
        <Empty title={text("order.evidence.none")} />
      ) : (
        <Table
          caption={text("order.evidence")}
          rows={candidates}
          keyOf={(piece) => `${piece.source} ${piece.where} ${piece.code}`}
          columns={[
            {
              title: text("order.evidence.source"),
              cell: (piece) => (
                <>
                  {named("source", piece.source)}
                  <span className="up-sub">{piece.where}</span>
                </>
              ),
            },
            { title: text("order.evidence.code"), cell: (piece) => piece.code },
            {
              title: text("order.evidence.outcome"),
              cell: (piece) => <State mark={OUTCOME_MARKS[piece.outcome] ?? "plain"}>{named("outcome", piece.outcome)}</State>,
            },
          ]}
        />
      )}
      {above.length > 0 && (
        <p className="up-sub">
          {text("order.upline")}: {above.join(" → ")}
        </p>
      )}
    </Section>
  );
}

function Commissions({ order, names }: Data) {
  const { text, money } = useSpeech();
  if (order.commissions.length === 0)
    return (
      <Section title={text("order.commissions")}>
        <Empty title={text("order.commissions.none")} />
      </Section>
    );
  return (
    <Section title={text("order.commissions")}>
      <Table
        caption={text("order.commissions")}
        rows={order.commissions}
        keyOf={(paid) => paid.entry}
        columns={[
          {
            title: text("order.commissions.who"),
            cell: ({ distributor_id: who }) => (who === null ? text("order.commissions.company") : personOf(names, who)),
          },
          { title: text("order.commissions.why"), cell: (paid) => paid.explanation },
          {
            title: text("order.commissions.amount"),
            isNumber: true,
            cell: (paid) => (
              <>
                {money(paid.amount, paid.currency)}
                {Number(paid.reversed) !== 0 && (
                  <span className="up-sub">
                    {text("order.commissions.reversed", { amount: money(paid.reversed, paid.currency) })}
                  </span>
                )}
              </>
            ),
          },
        ]}
      />
    </Section>
  );
}

function Lines({ order }: Pick<Data, "order">) {
  const { text, money, count } = useSpeech();
  return (
    <Section title={text("order.lines")}>
      <Table
        caption={text("order.lines")}
        rows={order.lines}
        keyOf={(line) => line.line_id}
        columns={[
          {
            title: text("order.lines.product"),
            cell: (line) => (
              <>
                {count(line.qty)} × {line.name}
                {line.platform_sku && <span className="up-sub">{line.platform_sku}</span>}
              </>
            ),
          },
          {
            title: text("order.lines.class"),
            cell: (line) =>
              line.quarantined ? (
                <Door to="/app/products">{text("order.lines.unmapped")}</Door>
              ) : (
                (line.mapping?.commission_class ?? text("common.none"))
              ),
          },
          { title: text("order.lines.net"), isNumber: true, cell: (line) => money(line.net, order.currency) },
        ]}
      />
    </Section>
  );
}

/** A page with its own error boundary has to hand on the headers of what was thrown: by them App Bridge asks for a scope. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export { PageFailure as ErrorBoundary };
