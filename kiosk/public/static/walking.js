// Keys by the arrow keys of a real keyboard: one stop of the tab key for all of them, then left, right, up and down.

const BY = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function walkByArrows(keys) {
  keys.addEventListener("keydown", (event) => {
    const from = event.target.closest("button");
    if (!from || !(event.key in BY)) return;
    event.preventDefault();
    const next = neighbour(keys, from, BY[event.key]);
    if (next) stopAt(keys, next).focus();
  });
}

// Makes `key` the one that the tab key comes to.
export function stopAt(keys, key) {
  for (const other of keys.querySelectorAll("button")) other.tabIndex = other === key ? 0 : -1;
  return key;
}

// The keys stand left to right in every language, as they do on a desk.
function neighbour(keys, from, [right, down]) {
  const rows = Array.from(keys.querySelectorAll(".hg-row"), (row) => Array.from(row.querySelectorAll("button")));
  const place = rows.findIndex((row) => row.includes(from));
  if (right) return rows[place][rows[place].indexOf(from) + right];
  const middle = middleOf(from);
  const row = rows[place + down] ?? [];
  return row.toSorted((one, other) => Math.abs(middleOf(one) - middle) - Math.abs(middleOf(other) - middle))[0];
}

function middleOf(key) {
  const { left, width } = key.getBoundingClientRect();
  return left + width / 2;
}
