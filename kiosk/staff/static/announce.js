// Says something to everybody, those with a screen reader included.
const announcer = document.getElementById("announcer");

export function announce(text) {
  if (announcer && announcer.textContent !== text) announcer.textContent = text;
}
