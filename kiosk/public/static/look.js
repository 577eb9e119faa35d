// Low on the screen: two buttons move the page, so that nobody has to reach up and drag.

const STEP = 0.6; // of what is seen at once

const tools = document.querySelector(".look__scroll");
const scrolls = (part) => part && part.scrollHeight > part.clientHeight && getComputedStyle(part).overflowY !== "visible";

function move(direction) {
  const part = [...document.querySelectorAll(".log, .page, .wall")].find(scrolls) ?? document.scrollingElement;
  part.scrollBy({ top: direction * STEP * part.clientHeight });
}

if (tools) {
  tools.hidden = false;
  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-scroll]");
    if (button) move(Number(button.dataset.scroll));
  });
}
