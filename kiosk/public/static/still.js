// A finger that rests too long, or drags, means a touch: no menu comes, and nothing can be carried away.

for (const name of ["contextmenu", "dragstart", "drop", "dragover"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
