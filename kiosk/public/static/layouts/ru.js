import russian from "../../web/vendor/layouts/russian.js";
import { lettersOf } from "./arrangement.js";

export default { letters: lettersOf(russian), locale: "ru" };
