// Pages work without scripts; this only adds what is handy with them.
document.documentElement.classList.add("js");
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// What was pressed may be gone after a swap: the keyboard goes on from the heading of the part that changed.
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement !== document.body) return;
  const pressed = event.detail.requestConfig && event.detail.requestConfig.elt;
  const heading = pressed && pressed.closest("#panel") ? "panel-title" : "month-title";
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
