// Pages work without scripts; this only adds what is handy with them.
document.documentElement.classList.add("js");
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
