import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

/** The hub's few pages for people whose shop sends them here: plain HTML, no script, one style. */

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #d9d9e0; --paper: #fff; --ground: #f4f5f7; --act: #1f5eff; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #b0b4ba; --line: #3a3f45; --paper: #1b1e22; --ground: #111316; --act: #6f9bff; --bad: #ff9a8d; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 30rem; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 24px; }
h1 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 8px; }
p { margin: 8px 0; } .soft { color: var(--soft); font-size: .9rem; }
dl { margin: 16px 0; padding: 12px 16px; border: 1px solid var(--line); border-radius: 8px; }
dt { color: var(--soft); font-size: .8rem; } dd { margin: 0 0 8px; overflow-wrap: anywhere; font-weight: 600; } dd:last-child { margin: 0; }
label { display: block; font-weight: 600; margin: 16px 0 4px; }
input[type=password] { width: 100%; padding: 10px 12px; font: 16px ui-monospace, monospace; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px; }
button, .button { display: block; text-align: center; text-decoration: none; width: 100%; margin-top: 16px; padding: 12px; font: inherit; font-weight: 600; color: var(--paper); background: var(--act); border: 0; border-radius: 8px; cursor: pointer; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.bad { color: var(--bad); font-weight: 600; } code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
`;
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

export interface PageForm {
  readonly action: string;
  readonly button: string;
  /** What the form sends along, unseen. */
  readonly hidden: Readonly<Record<string, string>>;
}

export interface Page {
  readonly title: string;
  readonly text: string;
  /** What a person must see before they agree. */
  readonly facts?: Readonly<Record<string, string>>;
  readonly problem?: string | undefined;
  readonly form?: PageForm;
  readonly link?: { readonly href: string; readonly text: string };
  /** Where sending the form may end up, besides this hub: browsers check redirects too. */
  readonly goesTo?: string;
  readonly status?: 200 | 400 | 401 | 403 | 404 | 409 | 422;
}

/** Answers a page that nobody can frame, script or cache. */
export async function pageResponse(page: Page): Promise<Response> {
  const formAction = page.goesTo === undefined ? "'self'" : `'self' ${new URL(page.goesTo).origin}`;
  return new Response(String(await pageHtml(page)), {
    status: page.status ?? 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
    },
  });
}

function pageHtml({ title, text, facts = {}, problem, form, link }: Page) {
  const rows = Object.entries(facts).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Upline</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
${rows.length > 0 ? html`<dl>${rows}</dl>` : ""}
${problem === undefined ? "" : html`<p class="bad" role="alert">${problem}</p>`}
${form === undefined ? "" : formHtml(form)}
${link === undefined ? "" : html`<a class="button" href="${link.href}">${link.text}</a>`}
</main>
</body>
</html>`;
}

function formHtml({ action, button, hidden }: PageForm) {
  const fields = Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  return html`<form method="post" action="${action}">
${fields}
<label for="key">API key</label>
<input type="password" id="key" name="key" required autocomplete="off" spellcheck="false" placeholder="upk_…">
<p class="soft">With the scope admin. Whoever runs the hub makes one with <code>pnpm upline key create --name me --scope admin --owner "Ann Lee"</code>.</p>
<button type="submit">${button}</button>
</form>`;
}
