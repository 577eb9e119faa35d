// Keeps the sentence about the wait for a person true, on every page, and ends the visit when it goes on at a phone.

const panel = document.getElementById("waiting");

export function showWait({ lines, unread }) {
  const box = document.getElementById("waiting-lines");
  const shown = Array.from(box.children, (line) => line.textContent);
  // A screen reader reads what changes, so nothing else is touched.
  if (JSON.stringify(shown) !== JSON.stringify(lines)) {
    box.replaceChildren(
      ...lines.map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      }),
    );
  }
  const news = document.getElementById("waiting-unread");
  if (news) news.hidden = !unread;
  panel.hidden = !lines.length && !unread;
}

export function goOnByPhone() {
  document.querySelector('form[action="/finish"]').requestSubmit();
}

function follow() {
  const source = new EventSource("/waiting/events");
  source.addEventListener("wait", (event) => showWait(JSON.parse(event.data)));
  source.addEventListener("moved", () => {
    source.close();
    goOnByPhone();
  });
  source.addEventListener("none", () => {
    source.close();
    panel.hidden = true;
  });
  window.addEventListener("pagehide", () => source.close());
}

if (panel && "follow" in panel.dataset) follow();
