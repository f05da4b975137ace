/** The admin around the app: answers what App Bridge asks, and shows what it tells. Its data lies in the page as JSON. */
export {};

interface Around {
  readonly control: string;
  readonly path: string;
}

const around: Around = JSON.parse(document.getElementById("around")?.textContent ?? "{}");
const find = <Found extends HTMLElement>(id: string): Found => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the admin has no #${id}`);
  return found as Found;
};
const frame = document.querySelector<HTMLIFrameElement>("iframe");
const send = (message: Record<string, unknown>): void => frame?.contentWindow?.postMessage({ from: "admin", ...message }, "*");

async function control(path: string, body?: unknown): Promise<Record<string, unknown>> {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${around.control}${path}`, body === undefined ? {} : post);
  return await response.json();
}

/** The merchant's own answer to a request for scopes. */
function grant(scopes: readonly string[]): Promise<boolean> {
  const dialog = find<HTMLDialogElement>("grant");
  find("grant-scopes").textContent = scopes.join(", ");
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "grant"), { once: true });
  });
}

const answers: Readonly<Record<string, (message: { scopes?: string[] }) => Promise<unknown>>> = {
  "id-token": async () => (await control("/session-token")).token,
  scopes: () => control("/scopes"),
  extensions: async () => (await control("/extensions")).extensions,
  "scopes-request": async ({ scopes = [] }) => {
    if (!(await grant(scopes))) return { result: "declined-all", detail: await control("/scopes") };
    const detail = await control("/scopes");
    const granted = [...new Set([...(detail.granted as string[]), ...scopes])];
    await control("/scopes", { scopes: granted });
    return { result: "granted-all", detail: await control("/scopes") };
  },
  "scopes-revoke": async ({ scopes = [] }) => {
    const detail = await control("/scopes");
    await control("/scopes", { scopes: (detail.granted as string[]).filter((scope) => !scopes.includes(scope)) });
    return { detail: await control("/scopes") };
  },
};

/** Where the app sends the whole admin; Shopify's page that asks for more scopes is a dialog here, and leads back into the app. */
async function leave(url: URL): Promise<void> {
  if (!url.hostname.endsWith(".myshopify.com") || url.pathname !== "/admin/oauth/install") return location.assign(url);
  const scopes = (url.searchParams.get("optional_scopes") ?? "").split(",").filter((scope) => scope !== "");
  if (await grant(scopes)) {
    const { granted } = await control("/scopes");
    await control("/scopes", { scopes: [...new Set([...(granted as string[]), ...scopes])] });
  }
  location.assign(around.path);
}

const shown: Readonly<Record<string, (message: Record<string, unknown>) => void>> = {
  page: ({ title, links, path, primary }) => {
    find("title").textContent = String(title);
    const button = find<HTMLButtonElement>("primary");
    button.hidden = primary === null;
    button.textContent = String(primary ?? "");
    const list = links as { index: number; label: string; path: string }[];
    const here = new URL(String(path), location.href).pathname;
    find("menu").replaceChildren(
      ...list.map(({ index, label, path: target }) => {
        const item = document.createElement("button");
        item.textContent = label;
        if (target === here) item.setAttribute("aria-current", "page");
        item.addEventListener("click", () => send({ type: "follow", index }));
        return item;
      }),
    );
    history.replaceState(null, "", `${around.path}${here}`);
  },
  toast: ({ id, text, isError }) => {
    const note = document.createElement("p");
    note.id = String(id);
    note.textContent = String(text);
    note.className = isError ? "bad" : "good";
    find("toasts").append(note);
    setTimeout(() => note.remove(), 5000);
  },
  "toast-hide": ({ id }) => document.getElementById(String(id))?.remove(),
  "save-bar": (message) => {
    find("save-bar").hidden = message.shown !== true;
  },
  loading: ({ isLoading }) => document.body.classList.toggle("loading", isLoading === true),
  leave: ({ url }) => void leave(new URL(String(url))),
};

window.addEventListener("message", async ({ data, source }) => {
  if (!frame || source !== frame.contentWindow || data?.from !== "app-bridge") return;
  const answer = answers[data.type];
  if (answer) send({ type: "answer", question: data.question, answer: await answer(data) });
  else shown[data.type]?.(data);
});
for (const [id, action] of [
  ["save", "save"],
  ["discard", "discard"],
  ["primary", "title-primary"],
] as const)
  find(id).addEventListener("click", () => send({ type: "press", action }));
document.addEventListener("keydown", (event) => {
  if (event.key === "s" && (event.ctrlKey || event.metaKey) && !find("save-bar").hidden) {
    event.preventDefault();
    send({ type: "press", action: "save" });
  }
});
