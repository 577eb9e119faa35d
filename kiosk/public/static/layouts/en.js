import english from "../../web/vendor/layouts/english.js";
import { lettersOf } from "./arrangement.js";

const [first, second, third] = lettersOf(english);

export default { letters: [first, second, `${third} '`], locale: "en" };
