// Between the pages and the network. It keeps files that are named by their content, the page that says that there
// is no connection, and reads today's card, which a page of its family has kept. No other page is ever kept.
// Before this stand VERSION, FILES (addresses of files), LIFELINE (the page without a connection), CARD (the cache of
// today's card), CARD_AT and CARD_SHOWN_AT (its address as it is kept, and the one under which it is read).
const KEPT = `files-${VERSION}`;
self.addEventListener("install", (event) => event.waitUntil(prepare()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin || address.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(request.method === "GET" ? page(request, address) : sent(request));
  else if (isNamedByContent(address)) event.respondWith(file(request, address));
});
async function prepare() {
  const files = await caches.open(KEPT);
  for (const name of [...FILES, LIFELINE]) {
    const answer = await fetch(name, { cache: "reload" });
    // While a release rolls out, the one before may answer: then nothing is taken over, and it is tried again later.
    if (!answer.ok || (name !== LIFELINE && !isWhatItsNameSays(answer, new URL(name, location)))) throw new Error(name);
    await files.put(name, answer);
  }
  await self.skipWaiting();
}
async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("files-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}
const isNamedByContent = (address) => address.searchParams.has("v") && /^\/(static|brand)\//.test(address.pathname);
const isWhatItsNameSays = (answer, address) =>
  (answer.headers.get("ETag") || "").includes(`"${address.searchParams.get("v")}"`);
// What a name says never changes: once kept it is not asked for again. Another version has another name.
async function file(request, address) {
  const kept = await caches.match(request, { cacheName: KEPT });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && isWhatItsNameSays(answer, address)) await (await caches.open(KEPT)).put(request, answer.clone());
  return answer;
}
// A page comes from the network, whole; half a page would show half a truth.
async function page(request, address) {
  const card = await keptCard();
  try {
    const answer = await fetch(request);
    if (answer.type !== "opaqueredirect") await answer.clone().arrayBuffer();
    return answer;
  } catch {
    if (card && address.pathname === CARD_SHOWN_AT) return card;
    return (await caches.match(LIFELINE, { cacheName: KEPT })) || Response.error();
  }
}
// An answer without content leaves the page where it is, with all that was typed; the page is told and says so.
async function sent(request) {
  try {
    return await fetch(request);
  } catch {
    if (!request.signal.aborted)
      for (const client of await self.clients.matchAll()) client.postMessage({ lost: request.url });
    return new Response(null, { status: 204 });
  }
}
// Today's card is of today: afterwards it is gone, whoever asks for whatever.
async function keptCard() {
  const card = await caches.match(CARD_AT, { cacheName: CARD });
  if (!card || Date.now() < Date.parse(card.headers.get("Expires"))) return card;
  await caches.delete(CARD);
}
