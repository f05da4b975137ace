import { useLoaderData } from "../framework/client.ts";
import type { HeadersArgs, LoaderFunctionArgs } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import { reading } from "../page-data.server.ts";
import { PageFailure } from "../ui/failure.tsx";
import { ActionLink, Page, Section } from "../ui/page.tsx";
import { useSpeech } from "../ui/speech.ts";
import { openVisit } from "../visit.server.ts";

/** Where a shop without a plan of the app comes to: plans are chosen on Shopify's own page. */
export async function loader(args: LoaderFunctionArgs) {
  const { plans, redirect, shop } = await openVisit(args);
  const plan = await reading(() => plans.check(shop));
  if (plan.kind === "open") throw redirect("/app");
  return { url: plan.url };
}

export default function Plan() {
  const { url } = useLoaderData<typeof loader>();
  const { text } = useSpeech();
  return (
    <Page title={text("plan.title")}>
      <Section title={text("plan.title")} about={text("plan.body")}>
        <div className="up-actions">
          <ActionLink to={url} external>
            {text("plan.action")}
          </ActionLink>
        </div>
      </Section>
    </Page>
  );
}

/** A page with its own error boundary has to hand on the headers of what was thrown: by them App Bridge asks for a scope. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export { PageFailure as ErrorBoundary };
