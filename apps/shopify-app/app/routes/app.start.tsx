import { answerOf } from "@upline/hub/client";
import { type ReactNode, useRef } from "react";
import { saveCapture, USUAL_CAPTURE } from "../../src/capture-settings.ts";
import { connectShop } from "../../src/connect.ts";
import { switchPixelOn } from "../../src/pixel.ts";
import { Form, useActionData, useLoaderData, useNavigation } from "../framework/client.ts";
import { type ActionFunctionArgs, type HeadersArgs, type LoaderFunctionArgs, partsIn } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import { acting, reading } from "../page-data.server.ts";
import { isInForce } from "../plans.ts";
import { EMBED_HANDLE, useEmbedStatus } from "../ui/embed-status.ts";
import { PageFailure } from "../ui/failure.tsx";
import { Field, Stack, Submit } from "../ui/fields.tsx";
import { useGrant } from "../ui/grant.ts";
import { ActionLink, Page, Section } from "../ui/page.tsx";
import { useSpeech } from "../ui/speech.ts";
import { type Mark, Note, State } from "../ui/states.tsx";
import { useToast } from "../ui/toast.ts";
import { missingScopes, openConnected, openVisit } from "../visit.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { row, shop } = await openVisit(args);
  if (row?.hubKey == null) return { kind: "new" as const, shopName: shop.split(".", 1)[0] ?? "" };
  const { asked, storeId } = await openConnected(args);
  const param = { store_id: storeId };
  const { env } = partsIn(args.context);
  return reading(async () => {
    const [health, waiting, plans] = await Promise.all([
      answerOf(asked.stores[":store_id"].health.$get({ param })),
      answerOf(asked.quarantine.$get({ query: { platform: "shopify", limit: "100" } })),
      answerOf(asked.plans.$get()),
    ]);
    return {
      kind: "connected" as const,
      company: row.companyName ?? "",
      editor: `https://${shop}/admin/themes/current/editor?context=apps&activateAppId=${env.apiKey}/${EMBED_HANDLE}`,
      hasPixel: row.pixelId !== null,
      lastDelivery: health.last_delivery_at,
      waiting: waiting.items.length,
      hasPlan: plans.items.some((plan) => isInForce(plan)),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const visit = await openVisit(args);
  const { env, log, shop } = visit;
  const form = await args.request.formData();
  const intent = form.get("intent");
  if (intent === "pixel") {
    return acting(async () => {
      const needs = await missingScopes(visit, { form, wanted: ["write_pixels", "read_customer_events"] });
      if (needs.length > 0) return { needs };
      await switchPixelOn(visit, { shop, appUrl: env.appUrl });
      return { intent: "pixel" };
    });
  }
  const text = String(form.get(intent === "code" ? "code" : "company") ?? "").trim();
  const join = intent === "code" ? ({ kind: "code", code: text } as const) : ({ kind: "create", company_name: text } as const);
  const answered = await acting(async () => {
    await connectShop(visit, shop, join);
    return { intent: String(intent) };
  });
  if ("refused" in answered) return { ...answered, intent: String(intent) };
  // The theme's note whom a buyer supports needs the app's address; without it links work all the same.
  const told = await acting(async () => {
    await saveCapture(visit, { shop, appUrl: env.appUrl, capture: USUAL_CAPTURE });
    return {};
  });
  if ("refused" in told) log.warn({ shop }, "the storefront was not told the app's address");
  return answered;
}

export default function Start() {
  const page = useLoaderData<typeof loader>();
  const { text } = useSpeech();
  return page.kind === "new" ? (
    <Page title={text("start.title")} intro={text("start.intro")}>
      <Connect shopName={page.shopName} />
    </Page>
  ) : (
    <Page title={text("start.title")} intro={text("start.connected", { company: page.company })}>
      <Steps page={page} />
      <div className="up-actions">
        <ActionLink to="/app">{text("start.done")}</ActionLink>
      </div>
    </Page>
  );
}

function useRefusal(intent: string): string | undefined {
  const answered = useActionData<typeof action>();
  return answered && "refused" in answered && (!("intent" in answered) || answered.intent === intent)
    ? answered.refused
    : undefined;
}

function useBusy(intent: string): boolean {
  return useNavigation().formData?.get("intent") === intent;
}

function Connect({ shopName }: { readonly shopName: string }) {
  const { text } = useSpeech();
  return (
    <Section title={text("start.connect")}>
      <div className="up-two">
        <Form method="post">
          <Stack>
            <h3>{text("start.create.title")}</h3>
            <p className="up-sub">{text("start.create.help")}</p>
            <input type="hidden" name="intent" value="create" />
            <Field name="company" label={text("start.create.label")} initial={shopName} error={useRefusal("create")} />
            <Submit isBusy={useBusy("create")}>{text("start.create.submit")}</Submit>
          </Stack>
        </Form>
        <Form method="post">
          <Stack>
            <h3>{text("start.code.title")}</h3>
            <p className="up-sub">{text("start.code.help")}</p>
            <input type="hidden" name="intent" value="code" />
            <Field name="code" label={text("start.code.label")} error={useRefusal("code")} />
            <Submit isBusy={useBusy("code")} isMain={false}>
              {text("start.code.submit")}
            </Submit>
          </Stack>
        </Form>
      </div>
    </Section>
  );
}

type Connected = Extract<Awaited<ReturnType<typeof loader>>, { kind: "connected" }>;

const EMBED_MARKS: Readonly<Record<string, Mark>> = { on: "success", off: "attention", unknown: "plain" };

function Steps({ page }: { readonly page: Connected }) {
  const { text, named, moment } = useSpeech();
  const embed = useEmbedStatus();
  const refusal = useRefusal("pixel");
  const answered = useActionData<typeof action>();
  useToast(answered, answered && "intent" in answered && answered.intent === "pixel" ? { text: text("start.pixel.done") } : null);
  const isBusy = useBusy("pixel");
  const form = useRef<HTMLFormElement>(null);
  useGrant(answered, form);
  return (
    <Section title={text("start.steps")} about={text("start.steps.body")}>
      {refusal && <Note tone="critical">{refusal}</Note>}
      <ol className="up-steps">
        <Step title={text("start.webhooks.title")} about={text("start.webhooks.body")}>
          <State mark={page.lastDelivery === null ? "info" : "success"}>
            {page.lastDelivery === null
              ? text("start.webhooks.none")
              : text("start.webhooks.last", { at: moment(page.lastDelivery) })}
          </State>
        </Step>
        <Step title={text("start.plan.title")} about={page.hasPlan ? "" : text("start.plan.body")}>
          <State mark={page.hasPlan ? "success" : "attention"}>{text(page.hasPlan ? "start.plan.on" : "start.plan.off")}</State>
        </Step>
        <Step title={text("start.products.title")} about={text("start.products.body")}>
          <State mark={page.waiting === 0 ? "success" : "attention"}>
            {page.waiting === 0 ? text("start.products.done") : text("start.products.waiting", { count: page.waiting })}
          </State>
          {page.waiting > 0 && <ActionLink to="/app/products">{text("start.products.action")}</ActionLink>}
        </Step>
        <Step title={text("start.embed.title")} about={text("start.embed.body")}>
          <State mark={EMBED_MARKS[embed] ?? "plain"}>{named("start.embed", embed)}</State>
          {embed !== "on" && (
            <ActionLink to={page.editor} external>
              {text("start.embed.action")}
            </ActionLink>
          )}
        </Step>
        <Step title={text("start.pixel.title")} about={text("start.pixel.body")}>
          <State mark={page.hasPixel ? "success" : "plain"}>{text(page.hasPixel ? "start.pixel.on" : "start.pixel.off")}</State>
          {!page.hasPixel && (
            <Form method="post" ref={form}>
              <input type="hidden" name="intent" value="pixel" />
              <Submit isBusy={isBusy} isMain={false}>
                {text("start.pixel.action")}
              </Submit>
            </Form>
          )}
        </Step>
        <Step title={text("start.people.title")} about={text("start.people.body", { company: page.company })} />
      </ol>
    </Section>
  );
}

function Step({ title, about, children }: { readonly title: string; readonly about: string; readonly children?: ReactNode }) {
  return (
    <li>
      <div>
        <strong>{title}</strong>
        <span className="up-sub">{about}</span>
      </div>
      <div className="up-steps__act">{children}</div>
    </li>
  );
}

/** A page with its own error boundary has to hand on the headers of what was thrown: by them App Bridge asks for a scope. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export { PageFailure as ErrorBoundary };
