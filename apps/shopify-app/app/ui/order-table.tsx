import { Door } from "./page.tsx";
import { useSpeech } from "./speech.ts";
import { type Mark, State } from "./states.tsx";
import { Table } from "./table.tsx";

/** An order as the hub lists it, as far as the tables show it. */
export interface ListedOrder {
  readonly order_id: string;
  readonly order_name: string;
  readonly order_ts: string;
  readonly stage: string;
  readonly currency: string;
  readonly net: string;
  readonly refunded_net: string;
  readonly distributor_id: string | null;
  readonly referral_code: string | null;
  readonly unresolved: boolean;
  readonly self_purchase: boolean;
  readonly quarantined_lines: number;
}

export function OrderTable({ caption, orders }: { readonly caption: string; readonly orders: readonly ListedOrder[] }) {
  const { text, moment, money } = useSpeech();
  return (
    <Table
      caption={caption}
      rows={orders}
      keyOf={(order) => order.order_id}
      columns={[
        {
          title: text("orders.column.order"),
          cell: (order) => <Door to={`/app/orders/${order.order_id}`}>{order.order_name}</Door>,
        },
        { title: text("orders.column.placed"), cell: (order) => moment(order.order_ts) },
        { title: text("orders.column.owner"), cell: (order) => <Owner order={order} /> },
        { title: text("orders.column.state"), cell: (order) => <OrderStates order={order} /> },
        { title: text("orders.column.net"), isNumber: true, cell: (order) => money(order.net, order.currency) },
      ]}
    />
  );
}

function Owner({ order }: { readonly order: ListedOrder }) {
  const { text } = useSpeech();
  if (order.distributor_id !== null) return <>{order.distributor_id}</>;
  if (order.unresolved) return <State mark="attention">{text("orders.unknown", { code: order.referral_code ?? "?" })}</State>;
  return <span className="up-sub">{text("orders.house")}</span>;
}

const STAGE_MARKS: Readonly<Record<string, Mark>> = { earned: "success", pending: "info", void: "plain" };

export function OrderStates({
  order,
}: {
  readonly order: Pick<ListedOrder, "stage" | "net" | "refunded_net" | "quarantined_lines" | "self_purchase">;
}) {
  const { text, named } = useSpeech();
  const back = Number(order.refunded_net);
  return (
    <span className="up-marks">
      <State mark={STAGE_MARKS[order.stage] ?? "plain"}>{named("stage", order.stage)}</State>
      {back > 0 && <State mark="plain">{text(back >= Number(order.net) ? "state.refunded" : "state.partly")}</State>}
      {order.quarantined_lines > 0 && <State mark="attention">{text("state.quarantined")}</State>}
      {order.self_purchase && <State mark="info">{text("state.own")}</State>}
    </span>
  );
}
