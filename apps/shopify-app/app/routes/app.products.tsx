import { Checkbox } from "@shopify/polaris";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { Form, useActionData, useLoaderData, useNavigation } from "../framework/client.ts";
import type { ActionFunctionArgs, HeadersArgs, LoaderFunctionArgs } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import { acting, reading } from "../page-data.server.ts";
import { mappingsFrom, readProducts, type WaitingProduct } from "../products.server.ts";
import { PageFailure } from "../ui/failure.tsx";
import { Choice, Field, type Option, Submit } from "../ui/fields.tsx";
import { Door, Page, Section } from "../ui/page.tsx";
import { useSpeech } from "../ui/speech.ts";
import { Empty, Note } from "../ui/states.tsx";
import { Table } from "../ui/table.tsx";
import { useToast } from "../ui/toast.ts";
import { openConnected } from "../visit.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { asked } = await openConnected(args);
  const before = new URL(args.request.url).searchParams.get("before");
  return reading(() => readProducts(asked, before));
}

export async function action(args: ActionFunctionArgs) {
  const { asked } = await openConnected(args);
  const rows = mappingsFrom(await args.request.formData());
  if (rows.length === 0) return { nothing: true } as const;
  return acting(async () => {
    const { added, released_orders } = await answerOf(asked["sku-map"].rows.$post({ json: { rows } }));
    return { added, orders: released_orders };
  });
}

export default function Products() {
  const page = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const { text } = useSpeech();
  const done = answered && "added" in answered ? text("products.done", { count: answered.added, orders: answered.orders }) : null;
  useToast(answered, done === null ? null : { text: done });
  return (
    <Page title={text("products.title")} intro={text("products.intro")}>
      {answered && "refused" in answered && <Note tone="critical">{answered.refused}</Note>}
      {answered && "nothing" in answered && <Note tone="warning">{text("products.bulk.nothing")}</Note>}
      <Section title={text("products.waiting")}>
        {page.waiting.length === 0 ? (
          <Empty title={text("products.waiting.empty.title")}>{text("products.waiting.empty.body")}</Empty>
        ) : (
          // A new list is a new form: what was ticked for the one before is gone with it.
          <Mapping key={page.waiting.map(({ key }) => key).join()} waiting={page.waiting} classes={page.classes} />
        )}
        {page.next !== null && <Door to={`/app/products?before=${page.next}`}>{text("common.older")}</Door>}
      </Section>
      <Section title={text("products.mapped")}>
        {page.mapped.length === 0 ? (
          <Empty title={text("products.mapped.empty")} />
        ) : (
          <Table
            caption={text("products.mapped")}
            rows={page.mapped}
            keyOf={(row) => row.key}
            columns={[
              {
                title: text("products.column.product"),
                cell: (row) => (
                  <>
                    {row.name}
                    <span className="up-sub">{row.sku}</span>
                  </>
                ),
              },
              { title: text("products.column.class"), cell: (row) => row.className },
              { title: text("products.column.volume"), cell: (row) => row.volume },
            ]}
          />
        )}
      </Section>
    </Page>
  );
}

function Mapping({ waiting, classes }: { readonly waiting: readonly WaitingProduct[]; readonly classes: readonly Option[] }) {
  const { text, money } = useSpeech();
  const isBusy = useNavigation().state === "submitting";
  const suggested = waiting.filter(({ suggestion }) => suggestion !== null).map(({ key }) => key);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(suggested));
  const mappable = waiting.filter(({ waitsForRate }) => !waitsForRate);
  const toggle = (key: string, isOn: boolean) => {
    const next = new Set(chosen);
    if (isOn) next.add(key);
    else next.delete(key);
    setChosen(next);
  };
  if (classes.length === 0) return <Note tone="warning">{text("products.class.none")}</Note>;
  const options = [{ value: "", label: text("products.class.choose") }, ...classes];
  return (
    <Form method="post">
      <Checkbox
        label={text("products.select.all")}
        checked={mappable.length > 0 && mappable.every(({ key }) => chosen.has(key))}
        onChange={(isOn) => setChosen(new Set(isOn ? mappable.map(({ key }) => key) : []))}
      />
      <Table
        caption={text("products.waiting")}
        rows={waiting}
        keyOf={({ key }) => key}
        columns={[
          {
            title: text("products.column.product"),
            cell: (product) => (
              <>
                {product.waitsForRate ? (
                  product.name
                ) : (
                  <Checkbox
                    label={product.name}
                    ariaDescribedBy={text("products.select", { product: product.name })}
                    checked={chosen.has(product.key)}
                    onChange={(isOn) => toggle(product.key, isOn)}
                  />
                )}
                <span className="up-sub">{product.sku}</span>
                {chosen.has(product.key) && <input type="hidden" name="product" value={product.key} />}
                {chosen.has(product.key) && <input type="hidden" name={`name ${product.key}`} value={product.name} />}
              </>
            ),
          },
          {
            title: text("products.column.holds"),
            cell: ({ orders, net, currency }) => text("products.holds", { count: orders, orders, net: money(net, currency) }),
          },
          {
            title: text("products.column.class"),
            cell: ({ key, suggestion, waitsForRate, name }) =>
              waitsForRate ? (
                text("products.rate")
              ) : (
                <>
                  <Choice
                    name={`class ${key}`}
                    label={text("products.select", { product: name })}
                    isQuiet
                    options={options}
                    initial={suggestion?.className ?? ""}
                  />
                  {suggestion && <span className="up-sub">{text("products.suggested")}</span>}
                  {suggestion && <input type="hidden" name={`sku ${key}`} value={suggestion.skuId} />}
                </>
              ),
          },
          {
            title: text("products.column.volume"),
            cell: ({ key, suggestion, waitsForRate }) =>
              waitsForRate ? null : (
                <Field
                  name={`volume ${key}`}
                  label={text("products.volume.label")}
                  isQuiet
                  initial={suggestion?.volume ?? "100%"}
                />
              ),
          },
        ]}
      />
      <fieldset className="up-bulk">
        <legend>{text("products.bulk")}</legend>
        <Choice name="class" label={text("products.column.class")} options={options} initial="" />
        <Field name="volume" label={text("products.volume.label")} help={text("products.volume.help")} />
        <Submit isBusy={isBusy} isOff={chosen.size === 0}>
          {chosen.size === 0 ? text("products.bulk.nothing") : text("products.bulk.apply", { count: chosen.size })}
        </Submit>
      </fieldset>
    </Form>
  );
}

/** A page with its own error boundary has to hand on the headers of what was thrown: by them App Bridge asks for a scope. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export { PageFailure as ErrorBoundary };
