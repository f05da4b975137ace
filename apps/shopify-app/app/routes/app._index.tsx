import { answerOf } from "@upline/hub/client";
import { useLoaderData } from "../framework/client.ts";
import type { HeadersArgs, LoaderFunctionArgs } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import type { Speech } from "../i18n/speak.ts";
import { reading } from "../page-data.server.ts";
import { isInForce } from "../plans.ts";
import { useEmbedStatus } from "../ui/embed-status.ts";
import { PageFailure } from "../ui/failure.tsx";
import { OrderTable } from "../ui/order-table.tsx";
import { Door, Figure, Page, Section } from "../ui/page.tsx";
import { useSpeech } from "../ui/speech.ts";
import { Empty, Note } from "../ui/states.tsx";
import { useToast } from "../ui/toast.ts";
import { openConnected } from "../visit.server.ts";

const MOST_WAITING = 100;

export async function loader(args: LoaderFunctionArgs) {
  const { asked, isBack, row, storeId } = await openConnected(args);
  const param = { store_id: storeId };
  return reading(async () => {
    const [summary, health, latest, waiting, plans, people] = await Promise.all([
      answerOf(asked.stores[":store_id"].summary.$get({ param, query: {} })),
      answerOf(asked.stores[":store_id"].health.$get({ param })),
      answerOf(asked.orders.$get({ query: { store: storeId, limit: "5" } })),
      answerOf(asked.quarantine.$get({ query: { platform: "shopify", limit: String(MOST_WAITING) } })),
      answerOf(asked.plans.$get()),
      answerOf(asked.distributors.$get({ query: { limit: "1" } })),
    ]);
    const last = health.last_reconciliation;
    return {
      company: row.companyName ?? "",
      isBack,
      summary,
      latest: latest.items,
      waiting: waiting.items.map(({ net, currency }) => ({ net, currency })),
      hasPlan: plans.items.some((plan) => isInForce(plan)),
      hasPeople: people.items.length > 0,
      compared:
        last === null
          ? null
          : { at: last.finished_at, delta: last.delta, isClean: last.outcome === "finished" && last.discrepancies.length === 0 },
    };
  });
}

type Data = Awaited<ReturnType<typeof loader>>;

export default function Home() {
  const page = useLoaderData<typeof loader>();
  const speech = useSpeech();
  const { text } = speech;
  const hasEmbed = useEmbedStatus() !== "off";
  useToast(page, page.isBack ? { text: text("home.reconnected", { company: page.company }) } : null);
  const todo = attention(page, speech, hasEmbed);
  return (
    <Page title={text("home.title")}>
      <section aria-label={text("home.period")}>
        <p className="up-intro">{text("home.period")}</p>
        <Figures page={page} speech={speech} />
      </section>
      <Section title={text("home.attention")}>
        {todo.length === 0 ? (
          <Note tone="success">{text("home.attention.none")}</Note>
        ) : (
          <ul className="up-list">
            {todo.map(({ to, said }) => (
              <li key={said}>
                <Door to={to}>{said}</Door>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={text("home.latest")} action={<Door to="/app/orders">{text("home.latest.all")}</Door>}>
        {page.latest.length === 0 ? (
          <Empty title={text("orders.empty.title")}>{text("orders.empty.all")}</Empty>
        ) : (
          <OrderTable caption={text("home.latest")} orders={page.latest} />
        )}
      </Section>
    </Page>
  );
}

function Figures({ page: { summary, compared }, speech }: { readonly page: Data; readonly speech: Speech }) {
  const { text, amounts, count, moment } = speech;
  const { unknown_code: unknown, without_code: without } = summary.unattributed;
  const reversed = Object.values(summary.reversed).some((amount) => Number(amount) !== 0);
  const notes = [
    ...(unknown > 0 ? [text("home.unattributed.unknown", { count: unknown })] : []),
    ...(without > 0 ? [text("home.unattributed.without", { count: without })] : []),
  ];
  const delta = compared === null ? {} : nonZero(compared.delta);
  return (
    <div className="up-figures">
      <Figure
        to="/app/orders"
        name={text("home.attributed")}
        value={count(summary.attributed)}
        notes={[text("home.attributed.of", { orders: summary.orders })]}
      />
      <Figure
        to="/app/orders"
        name={text("home.commissions")}
        value={amounts(summary.commissions)}
        notes={reversed ? [text("home.commissions.reversed", { amount: amounts(summary.reversed) })] : []}
      />
      <Figure
        to="/app/orders?view=unattributed"
        name={text("home.unattributed")}
        value={count(unknown + without)}
        tone={unknown > 0 ? "warning" : "plain"}
        notes={notes.length > 0 ? notes : [text("home.unattributed.none")]}
      />
      <Figure
        to="/app/health"
        name={text("home.delta")}
        value={compared === null ? text("common.none") : Object.keys(delta).length === 0 ? count(0) : amounts(delta)}
        tone={compared !== null && !compared.isClean ? "warning" : "plain"}
        notes={[
          compared === null
            ? text("home.delta.never")
            : text(compared.isClean ? "home.delta.ok" : "home.delta.differs", { at: moment(compared.at) }),
        ]}
      />
    </div>
  );
}

function nonZero(amounts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => Number(amount) !== 0));
}

/** What a person has to do, the costliest first; each is a door to where it is done. */
function attention(page: Data, { text, money }: Speech, hasEmbed: boolean): { to: string; said: string }[] {
  const unknown = page.summary.unattributed.unknown_code;
  const sales = page.waiting.slice(0, 3).map(({ net, currency }) => money(net, currency));
  const more = page.waiting.length > 3 ? " …" : "";
  return [
    ...(page.hasPlan ? [] : [{ to: "/app/start", said: text("home.attention.plan") }]),
    ...(page.hasPeople ? [] : [{ to: "/app/distributors", said: text("home.attention.people") }]),
    ...(page.waiting.length === 0
      ? []
      : [
          {
            to: "/app/products",
            said: text("home.attention.products", { count: page.waiting.length, amounts: sales.join(" + ") + more }),
          },
        ]),
    ...(unknown === 0 ? [] : [{ to: "/app/orders?view=unresolved", said: text("home.attention.codes", { count: unknown }) }]),
    ...(hasEmbed ? [] : [{ to: "/app/start", said: text("home.attention.embed") }]),
  ];
}

/** A page with its own error boundary has to hand on the headers of what was thrown: by them App Bridge asks for a scope. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export { PageFailure as ErrorBoundary };
