import { Button } from "@shopify/polaris";
import { evidenceSource } from "@upline/core";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { captureFrom, readCapture, saveCapture, USUAL_CAPTURE } from "../../src/capture-settings.ts";
import { Form, useActionData, useLoaderData, useNavigation } from "../framework/client.ts";
import type { ActionFunctionArgs, HeadersArgs, LoaderFunctionArgs } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import { acting, reading } from "../page-data.server.ts";
import { PageFailure } from "../ui/failure.tsx";
import { Choice, Field, Stack, Submit } from "../ui/fields.tsx";
import { Page, Section } from "../ui/page.tsx";
import { useSpeech } from "../ui/speech.ts";
import { Note } from "../ui/states.tsx";
import { useToast } from "../ui/toast.ts";
import { openConnected } from "../visit.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const visit = await openConnected(args);
  const { asked, plans, row, shop, storeId } = visit;
  return reading(async () => {
    const [settings, evidence, capture, plan] = await Promise.all([
      answerOf(asked.stores[":store_id"].settings.$get({ param: { store_id: storeId } })),
      answerOf(asked.company["evidence-order"].$get()),
      readCapture(visit, shop),
      plans.check(shop),
    ]);
    const order: readonly string[] = evidence.order.filter((source) => source !== "manual");
    return {
      capture: { ...(capture.set ?? USUAL_CAPTURE), parameter: settings.ref_parameter },
      order,
      left: evidenceSource.options.filter((source) => source !== "manual" && !order.includes(source)),
      ...{ company: row.companyName ?? "", plan: plan.kind === "open" ? plan.plan : null, shop },
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const visit = await openConnected(args);
  const { asked, env, shop, storeId } = visit;
  const form = await args.request.formData();
  if (form.get("intent") === "order") {
    const order = form.getAll("source").map(String);
    return acting(async () => {
      await answerOf(asked.company["evidence-order"].$put({ json: { order } }));
      return { saved: true };
    });
  }
  const capture = captureFrom(Object.fromEntries(form));
  if (Array.isArray(capture)) return { wrong: capture as readonly string[] };
  if (!("parameter" in capture)) return { wrong: [] };
  return acting(async () => {
    // The hub first: its word is what counts for an order, and it may refuse the parameter.
    const json = { ref_parameter: capture.parameter };
    await answerOf(asked.stores[":store_id"].settings.$patch({ param: { store_id: storeId }, json }));
    await saveCapture(visit, { shop, appUrl: env.appUrl, capture });
    return { saved: true };
  });
}

export default function Settings() {
  const page = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const { text } = useSpeech();
  useToast(answered, answered && "saved" in answered ? { text: text("common.saved") } : null);
  return (
    <Page title={text("settings.title")}>
      {answered && "refused" in answered && <Note tone="critical">{answered.refused}</Note>}
      <Links page={page} wrong={answered && "wrong" in answered ? answered.wrong : []} />
      <EvidenceOrder key={page.order.join()} order={page.order} left={page.left} />
      <Section title={text("settings.company")} about={text("settings.company.body", { company: page.company })}>
        {page.plan !== null && <p>{text("settings.plan", { plan: page.plan })}</p>}
      </Section>
    </Page>
  );
}

type Data = Awaited<ReturnType<typeof loader>>;

function Links({ page: { capture, shop }, wrong }: { readonly page: Data; readonly wrong: readonly string[] }) {
  const { text } = useSpeech();
  const isBusy = useNavigation().formData?.get("intent") === "links";
  const errorOf = (name: string, help: string) => (wrong.includes(name) ? help : undefined);
  const example = `https://${shop}/?${capture.parameter}=CODE`;
  return (
    <Section title={text("settings.links")}>
      <Form method="post" data-save-bar>
        <Stack>
          <input type="hidden" name="intent" value="links" />
          <Field
            name="parameter"
            label={text("settings.parameter.label")}
            help={text("settings.parameter.help", { example })}
            initial={capture.parameter}
            error={errorOf("parameter", "a–z, 0–9, _, -")}
          />
          <Field
            name="window_days"
            label={text("settings.window.label")}
            help={text("settings.window.help")}
            initial={String(capture.window_days)}
            error={errorOf("window_days", "1–90")}
            isNumber
          />
          <Choice
            name="touch"
            label={text("settings.touch.label")}
            initial={capture.touch}
            options={[
              { value: "last", label: text("settings.touch.last") },
              { value: "first", label: text("settings.touch.first") },
            ]}
          />
          <Choice
            name="consent"
            label={text("settings.consent.label")}
            initial={capture.consent}
            options={[
              { value: "marketing", label: text("settings.consent.marketing") },
              { value: "preferences", label: text("settings.consent.preferences") },
              { value: "none", label: text("settings.consent.none") },
            ]}
          />
          <div>
            <Submit isBusy={isBusy}>{text("common.save")}</Submit>
          </div>
        </Stack>
      </Form>
    </Section>
  );
}

/** Which evidence decides first; moved by buttons, so that it works by keyboard and on a phone. */
function EvidenceOrder({ order, left }: { readonly order: readonly string[]; readonly left: readonly string[] }) {
  const { text, named } = useSpeech();
  const [sources, setSources] = useState(order);
  const isBusy = useNavigation().formData?.get("intent") === "order";
  const out = [...order, ...left].filter((source) => !sources.includes(source));
  const nameOf = (source: string) => named("source", source);
  const move = (index: number, by: number) => {
    const next = [...sources];
    next.splice(index + by, 0, ...next.splice(index, 1));
    setSources(next);
  };
  return (
    <Section title={text("settings.order")} about={text("settings.order.help")}>
      <ol className="up-ranks">
        {sources.map((source, index) => (
          <li key={source}>
            <span>{`${index + 1}. ${nameOf(source)}`}</span>
            <Button
              onClick={() => move(index, -1)}
              disabled={index === 0}
              accessibilityLabel={text("settings.order.up", { source: nameOf(source) })}
            >
              ↑
            </Button>
            <Button
              onClick={() => move(index, 1)}
              disabled={index === sources.length - 1}
              accessibilityLabel={text("settings.order.down", { source: nameOf(source) })}
            >
              ↓
            </Button>
            <Button
              onClick={() => setSources(sources.filter((other) => other !== source))}
              disabled={sources.length === 1}
              accessibilityLabel={text("settings.order.drop", { source: nameOf(source) })}
            >
              ×
            </Button>
          </li>
        ))}
        {out.map((source) => (
          <li key={source} className="is-out">
            <span>{`${nameOf(source)}: ${text("settings.order.ignored")}`}</span>
            <Button
              onClick={() => setSources([...sources, source])}
              accessibilityLabel={text("settings.order.take", { source: nameOf(source) })}
            >
              +
            </Button>
          </li>
        ))}
      </ol>
      <Form method="post">
        <input type="hidden" name="intent" value="order" />
        {sources.map((source) => (
          <input key={source} type="hidden" name="source" value={source} />
        ))}
        <Submit isBusy={isBusy} isOff={sources.join() === order.join()}>
          {text("common.save")}
        </Submit>
      </Form>
    </Section>
  );
}

/** A page with its own error boundary has to hand on the headers of what was thrown: by them App Bridge asks for a scope. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export { PageFailure as ErrorBoundary };
