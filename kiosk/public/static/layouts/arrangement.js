// From the letters of a language to the layers of a keyboard: rows of keys, one string each, as simple-keyboard reads them.

const DIGITS = "1 2 3 4 5 6 7 8 9 0 {delete}";
const SIGNS = ["! : ; ' \" ( ) « » - – /", "@ + = # % * _ № ° ’ ؛ ٫"];
const BESIDE_ZERO = { date: ".", phone: "+" };

// The letters of one of the library's layouts, in the rows where people know them. What it keeps beside the digits comes
// last. Its signs, tabs and locks are left out: who reads little shall find letters, and the signs have a layer.
export function lettersOf({ layout }) {
  const rows = layout.default.map((row) => row.split(" ").filter((key) => /^\p{L}/u.test(key)));
  const [besideTheDigits, ...letters] = rows.filter((row, place) => place === 0 || row.length);
  letters.at(-1).push(...besideTheDigits);
  return letters.map((row) => row.join(" "));
}

// Layers of one script: {name, nameCaps}; of a script without capitals only {name}. `ends` are comma and question mark.
function script(name, { letters, locale, ends = ", ?" }, ways) {
  const [comma, question] = ends.split(" ");
  const last = `${ways} ${comma} {space} . ${question} {enter} {close}`;
  if (!locale) return { [name]: [DIGITS, ...letters, last] };
  const small = letters.with(-1, `{shift} ${letters.at(-1)}`);
  const capital = (row) => row.split(" ").map((key) => (key.startsWith("{") ? key : key.toLocaleUpperCase(locale))).join(" ");
  return { [name]: [DIGITS, ...small, last], [`${name}Caps`]: [DIGITS, ...small.map(capital), last] };
}

// What a person may write with: the own script first; another one (if not null), signs and the own digits a touch away.
export function textLayers(own, other) {
  const ways = other ? "{script} {signs}" : "{signs}";
  const { digits, rare = [] } = own;
  return {
    ...script("own", own, ways),
    ...(other ? script("other", other, ways) : {}),
    signs: [DIGITS, ...(digits ? [digits] : []), ...rare, ...SIGNS, `${ways} {space} {enter} {close}`],
  };
}

// Numbers of documents: the letters A to Z, never the dotted İ, with the two signs that such numbers have.
export function documentLayers(english) {
  const rows = lettersOf(english).map((row) => row.toUpperCase());
  return { document: [DIGITS, ...rows, "- / {enter} {close}"] };
}

// A pad of large keys, as on a telephone. `kind` is what the question asks for: its sign stands beside the nought.
export function padLayers(kind) {
  const sign = BESIDE_ZERO[kind];
  const lowest = sign ? [`${sign} 0 {delete}`, "{close} {enter}"] : ["{close} 0 {delete}", "{enter}"];
  return { pad: ["1 2 3", "4 5 6", "7 8 9", ...lowest] };
}
