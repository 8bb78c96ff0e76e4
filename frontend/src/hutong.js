// Behaviour of every page, by delegation on data- attributes; pages work as plain links and forms without it.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const LOST = "网络中断，内容已保留，请稍后重试。";
  const REFUSED = {
    400: "提交的内容不完整，请核对后重试。",
    401: "登录已过期，内容已保留。请重新登录后再提交。",
    403: "您没有办理此事的权限，或页面已过期。请刷新页面；如仍不能办理，请联系上级管理员。",
    404: "没有找到这条记录，它可能已移交他人，或不在您的管辖范围内。",
    409: "这条记录刚刚被他人修改。内容已保留，请刷新页面核对后再提交。",
    413: "文件过大，未能上传。请压缩后或分批上传。",
    429: "操作过于频繁，请稍等一分钟再试。",
  };
  const BROKEN = "系统暂时不能处理，内容已保留，请稍后重试。如多次出现，请告知管理员。";

  // --- short messages at the corner
  function toast(words) {
    const box = document.createElement("div");
    box.className = "toast";
    const text = document.createElement("span");
    text.textContent = words;
    const close = document.createElement("button");
    close.className = "button quiet";
    close.type = "button";
    close.textContent = "知道了";
    close.addEventListener("click", () => box.remove());
    box.append(text, close);
    const open = all("dialog[open]").pop();
    const shelf = $("#toasts");
    (open && open.id !== "confirm" ? open : document.body).append(shelf);
    shelf.replaceChildren(box);
  }

  // --- drawer and dialogs: the browser's <dialog> keeps focus inside, closes on Esc, returns focus
  function openDialog(dialog) {
    if (!dialog.open) dialog.showModal();
    const first = $("[data-focus]", dialog);
    if (first) first.focus();
  }
  function closeDialog(dialog) {
    document.body.append($("#toasts"));
    dialog.close();
  }
  document.addEventListener("drawer-close", () => closeDialog($("#drawer")));

  function ask(words, then) {
    const dialog = $("#confirm");
    $("#confirm-words").textContent = words;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && then(), { once: true });
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest && event.target.closest(selector);
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const opener = on("[data-dialog]");
    if (opener) openDialog(document.getElementById(opener.dataset.dialog));
    if (on("[data-close]")) closeDialog(event.target.closest("dialog"));
    if (event.target.matches && event.target.matches("dialog.drawer")) {
      const box = event.target.getBoundingClientRect();
      if (event.clientX < box.left) closeDialog(event.target);
    }
    if (on("[data-print]")) window.print();
    if (on("[data-forget-drafts]")) forgetDrafts();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.menu[open]")) {
      menu.open = false;
      $("summary", menu).focus();
    }
  });

  // --- submitting: ask first where asked to, and only once
  function busy(form, on) {
    for (const button of all("button[type=submit], button:not([type])", form)) {
      button.classList.toggle("busy", on);
      if (on) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    if (on) form.dataset.sending = "1";
    else delete form.dataset.sending;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    const button = event.submitter;
    if (form.dataset.sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const question = button && button.dataset.confirm;
    if (question && !button.dataset.confirmed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(question, () => {
        button.dataset.confirmed = "1";
        form.requestSubmit(button);
        delete button.dataset.confirmed;
      });
      return;
    }
    if (form.matches("[data-private-search]")) keepOutOfAddress(form);
    if (form.method === "post" && navigator.onLine === false) {
      // Leaving for an error page of the browser would lose the form from sight.
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.dataset.draft) saveDraft(form);
      toast(LOST);
      return;
    }
    if (form.method === "post") {
      if (form.dataset.draft) markSubmitted(form);
      sessionStorage.setItem(TYPED_ON, JSON.stringify([new URL(form.getAttribute("action") || "", location.href).pathname, location.pathname + location.search]));
      busy(form, true);
      // A download answers without leaving the page, and a dead line may never answer.
      setTimeout(() => busy(form, false), form.enctype === "multipart/form-data" ? 60000 : 15000);
    }
  }, true);
  window.addEventListener("pageshow", () => all("form[data-sending]").forEach((form) => busy(form, false)));

  // A whole ID number must not stand in an address: such a search is posted instead.
  const WHOLE_ID = /(?<!\d)(\d{15}|\d{17}[\dXx])(?!\d)/;
  const tidy = (text) => text.normalize("NFKC").replace(/[\s\-‐-―'’.,]/g, "");
  function keepOutOfAddress(form) {
    const secret = WHOLE_ID.test(tidy(form.elements.q.value));
    form.method = secret ? "post" : "get";
    if (form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.disabled = !secret;
  }

  // --- drafts: what was typed survives a lost connection, in this tab only, never ID numbers or passwords
  const PREFIX = "hutong-draft:";
  const keyOf = (form) => PREFIX + location.pathname + ":" + form.dataset.draft;
  function keepable(field) {
    return field.name && !field.disabled && field.name !== "csrfmiddlewaretoken" && !field.closest("[data-private]")
      && !["password", "file", "hidden", "submit", "button"].includes(field.type)
      && !/id_?(no|num|card)|bank|password/i.test(field.name) && !WHOLE_ID.test(tidy(field.value));
  }
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && "value" in field);
  function saveDraft(form, submitted = false) {
    const kept = [];
    for (const field of fieldsOf(form)) {
      const code = field.matches("[data-place-code]");
      if (!code && !keepable(field)) continue;
      const choice = field.type === "checkbox" || field.type === "radio";
      if (choice) kept.push([field.name, field.value, field.checked]);
      else if (field.multiple) kept.push([field.name, [...field.selectedOptions].map((option) => option.value), null]);
      else kept.push([field.name, field.value, null]);
    }
    try {
      sessionStorage.setItem(keyOf(form), JSON.stringify({ submitted, kept }));
    } catch { /* a full or forbidden store only costs the draft */ }
  }
  // A refused form answers at the address it was sent to; the page it was typed on is the one to reload and return to.
  const TYPED_ON = "hutong-typed-on";
  function backToItsPage() {
    const [sentTo, typedOn] = JSON.parse(sessionStorage.getItem(TYPED_ON) || "[]");
    if (sentTo === location.pathname && $("form[data-submitted]")) history.replaceState(null, "", typedOn);
  }
  let saving = 0;
  function markSubmitted(form) {
    clearTimeout(saving);
    saveDraft(form, true);
  }
  function forgetDrafts(only = () => true) {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX) && only(JSON.parse(sessionStorage.getItem(key)))) sessionStorage.removeItem(key);
    }
  }
  function restoreDraft(form) {
    if ("submitted" in form.dataset) return saveDraft(form);
    const stored = sessionStorage.getItem(keyOf(form));
    if (!stored) return;
    let changed = false;
    for (const [name, value, checked] of JSON.parse(stored).kept) {
      for (const field of fieldsOf(form).filter((one) => one.name === name)) {
        if (checked !== null) {
          if (field.value !== value || field.checked === checked) continue;
          field.checked = checked;
        } else if (Array.isArray(value)) {
          for (const option of field.options || []) option.selected = value.includes(option.value);
        } else {
          if (field.value === value) continue;
          field.value = value;
        }
        changed = true;
      }
    }
    if (changed) form.prepend(draftWords(form));
  }
  function draftWords(form) {
    const words = document.createElement("div");
    words.className = "notice draft-words";
    words.setAttribute("role", "status");
    words.append("已恢复上次未提交的内容（证件号码需重新填写）。");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button quiet";
    drop.textContent = "不要了，重新填写";
    drop.addEventListener("click", () => {
      sessionStorage.removeItem(keyOf(form));
      form.reset();
      words.remove();
    });
    words.append(drop);
    return words;
  }
  function saveSoon(event) {
    const form = event.target.form;
    if (!form || !form.dataset.draft) return;
    clearTimeout(saving);
    saving = setTimeout(() => saveDraft(form), 400);
  }
  document.addEventListener("input", saveSoon);
  document.addEventListener("change", saveSoon);

  // --- htmx: what went wrong, in words; the page and the form stay as they are
  document.addEventListener("htmx:sendError", () => toast(LOST));
  document.addEventListener("htmx:timeout", () => toast(LOST));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const words = xhr.getResponseHeader("X-Message");
    toast(words ? decodeURIComponent(words) : REFUSED[xhr.status] || BROKEN);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    // An expired session is answered with the sign-in page: go there instead of drawing it into a corner.
    const { xhr, target } = event.detail;
    if (target !== document.body && /\/login\//.test(xhr.responseURL || "")) {
      event.detail.shouldSwap = false;
      toast(REFUSED[401]);
    }
  });
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, () => event.detail.issueRequest(true));
  });
  document.addEventListener("htmx:beforeRequest", (event) => event.target.matches("form") && busy(event.target, true));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (!form.matches || !form.matches("form")) return;
    busy(form, false);
    if (event.detail.successful && form.dataset.draft) sessionStorage.removeItem(keyOf(form));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target.id === "drawer-body" && target.childElementCount) openDialog($("#drawer"));
  });
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

  // --- what new content needs, on load and after every swap
  function prepare(root) {
    for (const table of all("table.stack:not(.labelled)", root)) {
      const heads = all("thead th", table).map((head) => head.textContent.trim());
      for (const row of all("tbody tr", table)) {
        [...row.cells].forEach((cell, at) => heads[at] && cell.setAttribute("data-label", heads[at]));
      }
      table.classList.add("labelled");
    }
    backToItsPage();
    for (const form of all("form[data-draft]", root)) restoreDraft(form);
    document.dispatchEvent(new CustomEvent("hutong:content", { detail: root }));
  }
  // A draft that was submitted and led on to another page, or to a success notice, has arrived.
  const arrived = $(".notice.ok");
  const here = new Set(all("form[data-draft]").map(keyOf));
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    const { submitted } = JSON.parse(sessionStorage.getItem(key));
    if (submitted && (arrived || !here.has(key))) sessionStorage.removeItem(key);
  }
  prepare(document.body);
  const wrong = $("[role=alert][data-focus]");
  if (wrong) wrong.focus();
  const drawer = $("#drawer");
  if (drawer && $("#drawer-body").childElementCount) openDialog(drawer);
})();
