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
// Without a connection the choice was not taken: the page says so, and has it done again when asked to.
let failed = null;
const toast = (shown) => {
  const note = document.getElementById("toast");
  if (note) note.hidden = !shown;
};
for (const name of ["htmx:sendError", "htmx:timeout"])
  document.addEventListener(name, (event) => {
    if (event.detail.requestConfig.verb !== "post") return;
    failed = pressed(event);
    toast(true);
  });
document.addEventListener("htmx:beforeSwap", () => toast(false));
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-again]")) return;
  toast(false);
  const again = failed && (document.getElementById(failed.id) || failed);
  again?.click();
});
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
