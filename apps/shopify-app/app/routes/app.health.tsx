import { answerOf } from "@upline/hub/client";
import { lastDeliveries } from "../../src/deliveries.ts";
import { Form, useActionData, useLoaderData, useNavigation } from "../framework/client.ts";
import type { ActionFunctionArgs, HeadersArgs, LoaderFunctionArgs } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import { acting, reading } from "../page-data.server.ts";
import { PageFailure } from "../ui/failure.tsx";
import { Submit } from "../ui/fields.tsx";
import { Page, Section } from "../ui/page.tsx";
import { useSpeech } from "../ui/speech.ts";
import { Empty, type Mark, Note, State } from "../ui/states.tsx";
import { Table } from "../ui/table.tsx";
import { useToast } from "../ui/toast.ts";
import { openConnected } from "../visit.server.ts";

const SHOWN = 15;

export async function loader(args: LoaderFunctionArgs) {
  const { asked, db, shop, storeId } = await openConnected(args);
  const param = { store_id: storeId };
  return reading(async () => {
    const [health, runs, deliveries, own] = await Promise.all([
      answerOf(asked.stores[":store_id"].health.$get({ param })),
      answerOf(asked.stores[":store_id"].reconciliations.$get({ param, query: { limit: "5" } })),
      answerOf(asked.deliveries.$get({ query: { store: storeId, limit: String(SHOWN) } })),
      lastDeliveries(db, shop, SHOWN),
    ]);
    return {
      health,
      runs: runs.items,
      deliveries: deliveries.items,
      own: own.map(({ deliveryNo, topic, receivedAt, outcome, said }) => ({
        ...{ key: String(deliveryNo), topic, outcome, said },
        at: receivedAt.toISOString(),
      })),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const { asked, storeId } = await openConnected(args);
  // Of this shop alone: another one of the company may be at it.
  const run = { param: { name: "reconcile" }, query: { subject: storeId } };
  return acting(() => answerOf(asked.jobs[":name"].run.$post(run)));
}

type Data = Awaited<ReturnType<typeof loader>>;

export default function Health() {
  const page = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const { text } = useSpeech();
  const said =
    answered && "started" in answered
      ? text(answered.started > 0 ? "health.reconcile.started" : "health.reconcile.already")
      : null;
  useToast(answered, said === null ? null : { text: said });
  return (
    <Page title={text("health.title")}>
      {answered && "refused" in answered && <Note tone="critical">{answered.refused}</Note>}
      <Overall health={page.health} />
      <Reconciliations runs={page.runs} />
      <HubDeliveries deliveries={page.deliveries} />
      <AppDeliveries own={page.own} />
    </Page>
  );
}

function Overall({ health }: Pick<Data, "health">) {
  const { text, moment, count } = useSpeech();
  const facts: readonly [string, string][] = [
    [text("health.status"), health.status],
    [text("health.last"), health.last_delivery_at === null ? text("common.never") : moment(health.last_delivery_at)],
    [text("health.dead"), count(health.dead_letters)],
  ];
  return (
    <Section title={text("health.state")}>
      {health.problems.length === 0 ? (
        <Note tone="success">{text("health.ok")}</Note>
      ) : (
        <Note tone="warning">
          <ul className="up-list">
            {health.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Note>
      )}
      <dl className="up-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Reconciliations({ runs }: Pick<Data, "runs">) {
  const { text, moment, count, amounts } = useSpeech();
  const isBusy = useNavigation().formMethod === "POST";
  return (
    <Section
      title={text("health.reconcile")}
      about={text("health.reconcile.body")}
      action={
        <Form method="post">
          <Submit isBusy={isBusy} isMain={false}>
            {text("health.reconcile.now")}
          </Submit>
        </Form>
      }
    >
      {runs.length === 0 ? (
        <Empty title={text("health.reconcile.empty")} />
      ) : (
        <Table
          caption={text("health.reconcile")}
          rows={runs}
          keyOf={(run) => run.reconciliation_id}
          columns={[
            {
              title: text("health.reconcile.when"),
              cell: (run) => (
                <>
                  {moment(run.finished_at)}
                  {run.error !== null && <span className="up-sub">{text("health.reconcile.failed", { error: run.error })}</span>}
                </>
              ),
            },
            { title: text("health.reconcile.checked"), isNumber: true, cell: (run) => count(run.checked) },
            { title: text("health.reconcile.healed"), isNumber: true, cell: (run) => count(run.healed) },
            {
              title: text("health.reconcile.delta"),
              isNumber: true,
              cell: (run) => (Object.keys(run.delta).length === 0 ? count(0) : amounts(run.delta)),
            },
          ]}
        />
      )}
    </Section>
  );
}

const HUB_MARKS: Readonly<Record<string, Mark>> = { dead: "critical", waiting: "info", refused: "critical" };

function HubDeliveries({ deliveries }: Pick<Data, "deliveries">) {
  const { text, moment } = useSpeech();
  return (
    <Section title={text("health.deliveries")}>
      {deliveries.length === 0 ? (
        <Empty title={text("health.deliveries.empty")} />
      ) : (
        <Table
          caption={text("health.deliveries")}
          rows={deliveries}
          keyOf={(delivery) => delivery.delivery_id}
          columns={[
            { title: text("health.deliveries.topic"), cell: (delivery) => delivery.topic },
            { title: text("health.deliveries.at"), cell: (delivery) => moment(delivery.received_at) },
            {
              title: text("health.deliveries.outcome"),
              cell: (delivery) => (
                <>
                  <State mark={HUB_MARKS[delivery.outcome] ?? "plain"}>{delivery.outcome}</State>
                  {delivery.detail && <span className="up-sub">{delivery.detail}</span>}
                </>
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}

const OWN_MARKS: Readonly<Record<string, Mark>> = { waiting: "attention", passed: "success", refused: "critical" };

function AppDeliveries({ own }: Pick<Data, "own">) {
  const { text, named, moment } = useSpeech();
  if (own.length === 0) return null;
  return (
    <Section title={text("health.app")}>
      <Table
        caption={text("health.app")}
        rows={own}
        keyOf={({ key }) => key}
        columns={[
          { title: text("health.deliveries.topic"), cell: ({ topic }) => topic },
          { title: text("health.deliveries.at"), cell: ({ at }) => moment(at) },
          {
            title: text("health.deliveries.outcome"),
            cell: ({ outcome, said }) => (
              <>
                <State mark={OWN_MARKS[outcome] ?? "plain"}>{named("health.app", outcome)}</State>
                {said && <span className="up-sub">{said}</span>}
              </>
            ),
          },
        ]}
      />
    </Section>
  );
}

/** A page with its own error boundary has to hand on the headers of what was thrown: by them App Bridge asks for a scope. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export { PageFailure as ErrorBoundary };
