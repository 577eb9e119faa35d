import english from "../../web/vendor/layouts/english.js";
import { lettersOf } from "./arrangement.js";

// Somali writes with the letters of English; the apostrophe is one of its consonants.
const [first, second, third] = lettersOf(english);

export default { letters: [first, `${second} '`, third], locale: "so" };
