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
