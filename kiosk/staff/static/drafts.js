// Keeps what is being written in this tab, so that a reload, a cut connection or the end of a session loses nothing.

export function keepDrafts() {
  const head = document.querySelector("[data-thread]");
  if (!head) return;
  if (head.dataset.done) {
    sessionStorage.removeItem(nameOf(head, head.dataset.done));
    history.replaceState(null, "", location.pathname);
  }
  restoreDrafts();
  document.addEventListener("input", ({ target }) => {
    if (target.dataset.draft) sessionStorage.setItem(nameOf(head, target.dataset.draft), target.value);
  });
}

export function restoreDrafts() {
  const head = document.querySelector("[data-thread]");
  for (const box of document.querySelectorAll("[data-draft]")) {
    box.value = sessionStorage.getItem(nameOf(head, box.dataset.draft)) ?? box.value;
    const details = box.closest("details");
    if (details && box.value) details.open = true;
  }
}

function nameOf(head, kind) {
  return `draft:${head.dataset.thread}:${kind}`;
}
