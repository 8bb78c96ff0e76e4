// Place picker: the server answers ?q= with a list; arrows, Enter, Esc and pointer choose; only a picked place counts.
"use strict";
(() => {
  const $ = (selector, root) => root.querySelector(selector);
  const all = (selector, root) => [...root.querySelectorAll(selector)];
  const placeOf = (element) => element.closest("[data-place]");
  const textOf = (place) => $("[data-place-text]", place);
  const listOf = (place) => $(".place-list", place);
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("[data-place-text]")) {
      const known = $("[data-place-code]", placeOf(event.target)).value;
      for (const name of Object.keys(event.detail.parameters)) delete event.detail.parameters[name];
      event.detail.parameters.q = known ? "" : event.target.value.trim();
    }
  });
  function showPlaces(list) {
    const text = textOf(placeOf(list));
    const open = document.activeElement === text;
    list.hidden = !open;
    text.setAttribute("aria-expanded", String(open));
    text.removeAttribute("aria-activedescendant");
  }
  function hidePlaces(place) {
    listOf(place).hidden = true;
    textOf(place).setAttribute("aria-expanded", "false");
  }
  function pickPlace(option) {
    const place = placeOf(option);
    $("[data-place-code]", place).value = option.dataset.code;
    const text = textOf(place);
    text.value = option.dataset.name;
    text.setCustomValidity("");
    hidePlaces(place);
    text.focus();
    text.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function moveInPlaces(place, step) {
    const options = all("[role=option]", listOf(place));
    if (!options.length) return;
    listOf(place).hidden = false;
    textOf(place).setAttribute("aria-expanded", "true");
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length];
    for (const option of options) option.setAttribute("aria-selected", String(option === next));
    next.scrollIntoView({ block: "nearest" });
    textOf(place).setAttribute("aria-activedescendant", next.id);
  }
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-place-text]")) return;
    $("[data-place-code]", placeOf(event.target)).value = "";
  }, true);
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-place-text]")) return;
    const place = placeOf(event.target);
    const chosen = $("[aria-selected=true]", listOf(place));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      moveInPlaces(place, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !listOf(place).hidden) {
      event.preventDefault();
      if (chosen) pickPlace(chosen);
    } else if (event.key === "Escape" && !listOf(place).hidden) {
      event.preventDefault();
      hidePlaces(place);
    }
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".place-list [role=option]");
    if (option) {
      event.preventDefault();
      pickPlace(option);
    }
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-place-text]")) hidePlaces(placeOf(event.target));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.matches(".place-list")) showPlaces(event.detail.target);
  });
})();
