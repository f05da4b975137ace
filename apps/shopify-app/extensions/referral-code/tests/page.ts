/** What a buyer does with an extension: its elements are unknown to the test's document, so their events are sent by hand. */

export function find(selector: string): HTMLElement {
  const found = document.body.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`there is no ${selector} in ${document.body.innerHTML}`);
  return found;
}

export function submit(code: string): void {
  const field = Object.assign(find("s-text-field"), { value: code });
  field.dispatchEvent(new Event("input"));
  find("s-form").dispatchEvent(new Event("submit"));
}

/** A promise of the extension and the drawing after it. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve));
}
