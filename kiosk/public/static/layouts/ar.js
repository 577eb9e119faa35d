import arabic from "../../web/vendor/layouts/arabic.js";
import { lettersOf } from "./arrangement.js";

// Forms of alif and the marks of vowels, which the library keeps behind a shift key that Arabic has no use for.
export default {
  letters: [...lettersOf(arabic), "أ إ آ \u064b \u064e \u064f \u0650 \u0651 \u0652 ـ"],
  digits: "٠ ١ ٢ ٣ ٤ ٥ ٦ ٧ ٨ ٩",
  rare: ["\u064c \u064d \u0670 ٱ پ چ ڤ گ"],
  ends: "، ؟",
};
