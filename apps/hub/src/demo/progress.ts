/** What the demo says while it works. */

export function step(text: string): void {
  process.stdout.write(`• ${text}\n`);
}

export function progress(text: string, last: boolean): void {
  if (process.stdout.isTTY) process.stdout.write(`\r• ${text}${last ? "\n" : ""}`);
  else if (last) process.stdout.write(`• ${text}\n`);
}
