// Nothing here is needed: pages work without scripts. With them, forms that answer at once hide their button.
document.documentElement.classList.add("js");
