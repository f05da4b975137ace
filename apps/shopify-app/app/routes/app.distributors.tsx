import { answerOf } from "@upline/hub/client";
import { useRef } from "react";
import { addCodes, type DistributorDiscount, readDiscount } from "../../src/discount-codes.ts";
import { Form, useActionData, useLoaderData, useNavigation } from "../framework/client.ts";
import type { ActionFunctionArgs, HeadersArgs, LoaderFunctionArgs } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import { acting, reading } from "../page-data.server.ts";
import { useAddress } from "../ui/address.ts";
import { PageFailure } from "../ui/failure.tsx";
import { Field, Submit } from "../ui/fields.tsx";
import { useGrant } from "../ui/grant.ts";
import { Door, Page, Section } from "../ui/page.tsx";
import { useSpeech } from "../ui/speech.ts";
import { Empty, type Mark, Note, State } from "../ui/states.tsx";
import { Table } from "../ui/table.tsx";
import { useToast } from "../ui/toast.ts";
import { missingScopes, openConnected } from "../visit.server.ts";

const SHOWN = 50;
const SCOPE = "write_discounts";

export async function loader(args: LoaderFunctionArgs) {
  const visit = await openConnected(args);
  const { asked, keeper, row, shop } = visit;
  const { searchParams } = new URL(args.request.url);
  const code = searchParams.get("code")?.trim() ?? "";
  const before = searchParams.get("before") ?? "";
  const query = { limit: String(SHOWN), ...(before ? { before } : {}), ...(code ? { code } : {}) };
  return reading(async () => {
    const [people, mayWrite] = await Promise.all([
      answerOf(asked.distributors.$get({ query })),
      keeper.tokenOf(shop).then(({ scopes }) => scopes.includes(SCOPE)),
    ]);
    // Shopify away is no reason to hide the distributors.
    const read = mayWrite ? await acting(async () => ({ discount: await readDiscount(visit, row) })) : { discount: null };
    return {
      code,
      next: people.next,
      discount: "refused" in read ? null : read.discount,
      isDiscountKnown: !("refused" in read),
      people: people.items.map(({ distributor_id, name, status, rank, codes }) => ({
        ...{ id: distributor_id, name: name ?? "", status, rank: rank ?? "" },
        // Their own id counts as a code too, but nobody types it at a checkout.
        codes: codes.length === 0 ? [distributor_id] : codes,
      })),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const visit = await openConnected(args);
  const form = await args.request.formData();
  const percent = Number(String(form.get("percent") ?? "10").replace(",", "."));
  if (!(percent >= 1 && percent <= 100)) return { wrong: true } as const;
  const codes = form.getAll("code").map(String);
  return acting(async () => {
    const needs = await missingScopes(visit, { form, wanted: [SCOPE] });
    if (needs.length > 0) return { needs };
    await addCodes(visit, { row: visit.row, codes, percentage: percent / 100 });
    return { added: codes.length };
  });
}

type Data = Awaited<ReturnType<typeof loader>>;

export default function Distributors() {
  const page = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const { text, named } = useSpeech();
  const address = useAddress();
  const held = new Set(page.discount?.codes.map((code) => code.toUpperCase()));
  const hasCode = (codes: readonly string[]) => codes.some((code) => held.has(code.toUpperCase()));
  const done = answered && "added" in answered ? text("distributors.discount.done", { count: answered.added }) : null;
  useToast(answered, done === null ? null : { text: done });
  return (
    <Page title={text("distributors.title")} intro={text("distributors.intro")}>
      {answered && "refused" in answered && <Note tone="critical">{answered.refused}</Note>}
      <Section title={text("distributors.title")}>
        <Form method="get" action={address("/app/distributors")} className="up-search">
          <Kept />
          <Field key={page.code} name="code" label={text("distributors.search")} initial={page.code} />
        </Form>
        {page.people.length === 0 ? (
          <Empty title={text(page.code ? "distributors.none.title" : "distributors.empty.title")}>
            {text(page.code ? "distributors.none.body" : "distributors.empty.body")}
          </Empty>
        ) : (
          <Table
            caption={text("distributors.title")}
            rows={page.people}
            keyOf={({ id }) => id}
            columns={[
              {
                title: text("distributors.column.who"),
                cell: ({ id, name }) => (
                  <>
                    {name || id}
                    {name && <span className="up-sub">{id}</span>}
                  </>
                ),
              },
              {
                title: text("distributors.column.status"),
                cell: ({ status }) => <State mark={STATUS_MARKS[status] ?? "plain"}>{named("status", status)}</State>,
              },
              { title: text("distributors.column.rank"), cell: ({ rank }) => rank || text("common.none") },
              { title: text("distributors.column.codes"), cell: ({ codes }) => codes.join(", ") },
              {
                title: text("distributors.column.discount"),
                cell: ({ codes }) => (
                  <State mark={hasCode(codes) ? "success" : "plain"}>
                    {text(hasCode(codes) ? "distributors.discount.on" : "distributors.discount.off")}
                  </State>
                ),
              },
            ]}
          />
        )}
        {page.next !== null && <Door to={`/app/distributors?before=${page.next}`}>{text("common.older")}</Door>}
      </Section>
      {page.people.length > 0 && (
        <DiscountCodes
          page={page}
          missing={page.people
            .filter(({ codes, status }) => status === "active" && !hasCode(codes))
            .map(({ codes }) => codes[0] ?? "")}
        />
      )}
    </Page>
  );
}

const STATUS_MARKS: Readonly<Record<string, Mark>> = { active: "success", suspended: "attention", terminated: "critical" };

/** A form that is sent by GET replaces the query, and so repeats what Shopify handed over. */
function Kept() {
  const address = useAddress();
  return (
    <>
      {[...new URLSearchParams(address("/app").split("?")[1])].map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

function DiscountCodes({ page, missing }: { readonly page: Data; readonly missing: readonly string[] }) {
  const { text } = useSpeech();
  const answered = useActionData<typeof action>();
  const isBusy = useNavigation().formMethod === "POST";
  const form = useRef<HTMLFormElement>(null);
  useGrant(answered, form);
  const wrong = answered && "wrong" in answered ? text("distributors.discount.wrong") : undefined;
  return (
    <Section title={text("distributors.discount.title")} about={text("distributors.discount.body")}>
      {page.discount && <Existing discount={page.discount} />}
      {!page.isDiscountKnown && <Note tone="warning">{text("distributors.discount.unknown")}</Note>}
      {missing.length === 0 ? (
        <p>{text("distributors.discount.all")}</p>
      ) : (
        <Form method="post" className="up-inline" ref={form}>
          {missing.map((code) => (
            <input key={code} type="hidden" name="code" value={code} />
          ))}
          {page.discount === null && (
            <Field
              name="percent"
              label={text("distributors.discount.percentage")}
              initial="10"
              suffix="%"
              isNumber
              error={wrong}
            />
          )}
          <Submit isBusy={isBusy}>{text("distributors.discount.make", { count: missing.length })}</Submit>
        </Form>
      )}
      {page.discount === null && missing.length > 0 && <p className="up-sub">{text("distributors.discount.scope")}</p>}
    </Section>
  );
}

function Existing({ discount: { title, percentage, codesCount } }: { readonly discount: DistributorDiscount }) {
  const { text, percent } = useSpeech();
  const off = percentage === null ? text("common.none") : percent(percentage);
  return <p>{text("distributors.discount.exists", { title, percent: off, count: codesCount })}</p>;
}

/** A page with its own error boundary has to hand on the headers of what was thrown: by them App Bridge asks for a scope. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export { PageFailure as ErrorBoundary };
