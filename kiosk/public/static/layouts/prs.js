import persian from "./fa.js";

// Dari is written like Persian; the names of people who speak Pashto are not.
export default { ...persian, rare: [...persian.rare, "ټ ځ څ ډ ړ ږ ښ ګ ڼ ې ۍ"] };
