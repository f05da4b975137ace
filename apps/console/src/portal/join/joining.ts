import { answerOf, type BodyOf, createJoiningClient } from "@upline/hub/client";

export const joining = createJoiningClient({ url: window.location.origin });
export type Joining = BodyOf<Awaited<ReturnType<(typeof joining.codes)[":name"]["$get"]>>>;
export type Confirmed = BodyOf<Awaited<ReturnType<typeof joining.confirmations.$post>>>;
export type AskedField = Joining["fields"][number];
export type AskedConsent = Joining["consents"][number];
type Said = AskedField["label"];

/** Where the hub has several companies, the link says which. */
export const companyOfLink = () => new URLSearchParams(window.location.search).get("company") ?? undefined;

export const lookAt = (name: string, company = companyOfLink()): Promise<Joining> => {
  return answerOf(joining.codes[":name"].$get({ param: { name }, query: company === undefined ? {} : { company } }));
};

export const confirmToken = (token: string): Promise<Confirmed> => {
  const company = companyOfLink();
  return answerOf(joining.confirmations.$post({ json: { token, ...(company !== undefined && { company }) } }));
};

/** The company's words in the reader's language, or in the one that it gave. */
export const wordsIn = (said: Said, language: string): string =>
  (language === "de" ? (said.de ?? said.en) : (said.en ?? said.de)) ?? "";
