/** Who follows links without being anybody: search engines, previews of messengers, monitors, and programs that say what they are. */
const BOTS =
  /bot\b|bot[/;_-]|crawl|spider|slurp|archiver|facebookexternalhit|facebot|whatsapp|telegram|skypeuripreview|slack|discord|embedly|preview|prerender|lighthouse|pagespeed|gtmetrix|pingdom|uptime|monitor|headless|phantom|puppeteer|playwright|selenium|curl|wget|python|java\/|okhttp|axios|node-fetch|undici|go-http|libwww|httpclient|scrapy|guzzle|ruby|perl|validator|google-read-aloud|mediapartners|bingpreview|yandex|baidu/i;

/** A browser that only looks ahead is nobody's click either. */
export function isBot(request: { readonly method: string; readonly headers: { get(name: string): string | null } }): boolean {
  const browser = request.headers.get("user-agent") ?? "";
  const purpose = `${request.headers.get("sec-purpose") ?? ""} ${request.headers.get("purpose") ?? ""}`;
  return request.method !== "GET" || browser.length < 10 || BOTS.test(browser) || /prefetch|preview|prerender/.test(purpose);
}
