import turkish from "../../web/vendor/layouts/turkish.js";
import { lettersOf } from "./arrangement.js";

// The library's keyboard lacks the hat of "kâğıt" and "resmî".
const [first, second, third] = lettersOf(turkish);

export default { letters: [first, second, `${third} â î û`], locale: "tr" };
