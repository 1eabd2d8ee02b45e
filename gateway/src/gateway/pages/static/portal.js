// Pages work without scripts; this only adds what is handy with them.
document.documentElement.classList.add("js");
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// What is chosen among the activities is in sight.
document.querySelector(".chips [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
// A tap is seen at once: what was pressed is busy until the answer is there.
const pressed = (event) => event.detail.requestConfig.triggeringEvent?.submitter || event.detail.elt;
document.addEventListener("htmx:beforeRequest", (event) => {
  pressed(event).classList.add("sending");
  pressed(event).setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  pressed(event).classList.remove("sending");
  pressed(event).removeAttribute("aria-busy");
});
// Without a connection the page says what became of what was asked; all that was typed stays, and is sent again when asked to.
let again = null;
const toast = (words, retry) => {
  const note = document.getElementById("toast");
  if (!note) return;
  again = retry || null;
  for (const each of note.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== words;
  note.querySelector("[data-again]").hidden = !retry;
  note.hidden = !words;
};
for (const name of ["htmx:sendError", "htmx:timeout"])
  document.addEventListener(name, (event) => {
    const by = pressed(event);
    if (event.detail.requestConfig.verb !== "post") toast("asked", () => htmx.trigger(event.detail.elt, "again"));
    else toast("chosen", () => (document.getElementById(by.id) || by).click());
  });
document.addEventListener("htmx:beforeSwap", () => toast(""));
addEventListener("offline", () => toast("gone"));
addEventListener("online", () => again || toast(""));
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-again]") || !again) return;
  const retry = again;
  toast("");
  retry();
});
// A form that is sent as a page: it is busy too. When its page does not come, the worker leaves this one as it is.
let sent = null;
const unsent = () => {
  const { form, by } = sent;
  idle();
  toast("sent", () => form.requestSubmit(by));
};
const idle = () => {
  sent?.by?.classList.remove("sending");
  sent?.by?.removeAttribute("aria-busy");
  sent = null;
};
addEventListener("submit", (event) => {
  const { target: form, submitter: by } = event;
  if (event.defaultPrevented || form.method !== "post") return;
  idle();
  sent = { form, by, to: (by?.hasAttribute("formaction") && by.formAction) || form.action };
  by?.classList.add("sending");
  by?.setAttribute("aria-busy", "true");
  if (by?.id === "log-out") window.caches?.delete(CARD);
  if (navigator.onLine || navigator.serviceWorker?.controller) return;
  // No worker, and the browser believes that there is no network: only when that is true the form has to stay.
  event.preventDefault();
  fetch(location.origin + "/offline", { method: "HEAD", cache: "no-store" }).then(() => send(form, by), unsent);
});
const send = (form, by) => {
  if (by?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: by.name, value: by.value }));
  form.submit();
};
addEventListener("pageshow", idle);
navigator.serviceWorker?.addEventListener("message", (event) => {
  if (sent && event.data.lost === sent.to) unsent();
});
// Today's card: kept by the pages of who is logged in, gone where nobody is. See worker.js.
const CARD = "card";
const { keep, nobody } = document.getElementById("main").dataset;
const keepCard = async () => {
  await navigator.serviceWorker.ready;
  const answer = await fetch(keep).catch(() => null);
  if (!answer) return;
  if (!answer.ok || answer.redirected) await caches.delete(CARD);
  else await (await caches.open(CARD)).put(keep, answer);
};
if (navigator.serviceWorker && window.caches) {
  navigator.serviceWorker.register("/worker.js").catch(() => {});
  if (nobody !== undefined) caches.delete(CARD);
  if (keep) keepCard();
  caches.has(CARD).then((kept) => {
    for (const link of document.querySelectorAll("[data-card]")) link.hidden = !kept;
  });
}
// What was pressed may be gone after a swap: the keyboard goes on from the heading of the part that changed.
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement !== document.body) return;
  const sent = event.detail.requestConfig && event.detail.requestConfig.elt;
  const heading = sent && sent.closest("#panel") ? "panel-title" : "month-title";
  document.getElementById(heading)?.focus({ preventScroll: true });
});
// A page that waits for an answer asks for it and changes only when there is one: nothing moves under the reader.
const wait = () => {
  const main = document.getElementById("main");
  if (!main.dataset.refresh) return;
  setTimeout(async () => {
    if (main.dataset.to) return location.replace(main.dataset.to);
    const answer = await fetch(location.href).catch(() => null);
    if (answer && answer.redirected) return location.replace(answer.url);
    if (answer && answer.ok) show(main, new DOMParser().parseFromString(await answer.text(), "text/html"));
    wait();
  }, main.dataset.refresh * 1000);
};
const show = (main, page) => {
  const fresh = page.getElementById("main");
  if (fresh.innerHTML === main.innerHTML) return;
  document.title = page.title;
  main.innerHTML = fresh.innerHTML;
  if (!fresh.dataset.refresh) delete main.dataset.refresh;
  const told = main.querySelector("[role=status], [role=alert]");
  document.getElementById("news").textContent = told ? told.textContent : page.title;
};
wait();
