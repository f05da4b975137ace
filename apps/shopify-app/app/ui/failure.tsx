import { Button } from "@shopify/polaris";
import { isRouteErrorResponse, useRevalidator, useRouteError } from "../framework/client.ts";
import { ActionLink, Page } from "./page.tsx";
import { useSpeech } from "./speech.ts";
import { Note } from "./states.tsx";

/** What a loader says of the hub or of Shopify, where one of them did not answer as it should. */
export interface Trouble {
  readonly of: "hub" | "shopify";
  readonly detail: string;
}

const isTrouble = (value: unknown): value is Trouble =>
  typeof value === "object" && value !== null && "of" in value && "detail" in value;

/** The error of a page, within the frame of the pages: what went wrong, and the way on. */
export function PageFailure() {
  const error = useRouteError();
  const { text } = useSpeech();
  const { revalidate, state } = useRevalidator();
  const isMissing = isRouteErrorResponse(error) && error.status === 404;
  const trouble = !isMissing && isRouteErrorResponse(error) && isTrouble(error.data) ? error.data : null;
  const title = trouble
    ? text(trouble.of === "hub" ? "failure.hub" : "failure.shopify")
    : text(isMissing ? "failure.missing" : "failure.title");
  return (
    <Page title={title}>
      <Note tone={isMissing ? "warning" : "critical"} title={title}>
        <p>{trouble?.detail ?? (isMissing ? "" : text("failure.body"))}</p>
      </Note>
      <div className="up-actions">
        {!isMissing && (
          <Button onClick={revalidate} loading={state === "loading"}>
            {text("common.retry")}
          </Button>
        )}
        <ActionLink to="/app">{text("failure.home")}</ActionLink>
      </div>
    </Page>
  );
}

/** The error of a document that has nothing else: no Polaris around it, and no language but the root's. */
export function Failure() {
  const error = useRouteError();
  const { text } = useSpeech();
  const isMissing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <main className="up-page">
      <h1>{text(isMissing ? "failure.missing" : "failure.title")}</h1>
      {!isMissing && <p>{text("failure.body")}</p>}
      <p>
        <a href="/app">{text("failure.home")}</a>
      </p>
    </main>
  );
}
