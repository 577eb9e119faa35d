// The wall's welcome, in one language after another, until somebody touches the screen or asks for less motion.

const EVERY = 4_000;

const greetings = [...document.querySelectorAll(".greeting__one")];
const still = matchMedia("(prefers-reduced-motion: reduce)");
let shown = greetings.findIndex((greeting) => !greeting.hidden);

const cycle = setInterval(() => {
  if (still.matches) return;
  greetings[shown].hidden = true;
  shown = (shown + 1) % greetings.length;
  greetings[shown].hidden = false;
}, EVERY);

for (const act of ["pointerdown", "keydown"]) addEventListener(act, () => clearInterval(cycle), { once: true });
