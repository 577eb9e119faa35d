// The safe page: shows how much of a number is typed without showing it, and covers the answer again.

const UNCOVERED_FOR = 5_000;
const SHOWN_FOR = 15_000; // without a touch

const typed = document.getElementById("typed");
const preview = document.getElementById("preview");
const uncover = document.getElementById("uncover");
const answer = document.getElementById("answer");

function masked(value) {
  const signs = Array.from(value.replace(/\s/g, ""));
  return signs.map((sign, place) => (signs.length > 4 && (place < 2 || place >= signs.length - 2) ? sign : "•")).join("");
}

if (preview) {
  typed.addEventListener("input", () => (preview.textContent = masked(typed.value)));
  let timer = 0;
  const show = (shown) => {
    clearTimeout(timer);
    typed.classList.toggle("is-shown", shown);
    uncover.setAttribute("aria-pressed", String(shown));
    if (shown) timer = setTimeout(() => show(false), UNCOVERED_FOR);
  };
  uncover.hidden = false;
  uncover.addEventListener("click", () => show(!typed.classList.contains("is-shown")));
}

if (answer) {
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    if (answer.open) timer = setTimeout(() => (answer.open = false), SHOWN_FOR);
  };
  answer.addEventListener("toggle", wait);
  for (const act of ["pointerdown", "keydown", "scroll"]) document.addEventListener(act, wait, { passive: true, capture: true });
}
