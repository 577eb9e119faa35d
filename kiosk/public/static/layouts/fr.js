import french from "../../web/vendor/layouts/french.js";
import { lettersOf } from "./arrangement.js";

// The library has no letters with accents but ù: it leaves them to dead keys.
const [first, second, third] = lettersOf(french);

export default { letters: [first, second, "é è ê ë à â ç î ï ô û œ", `${third} ' ü ÿ æ`], locale: "fr" };
