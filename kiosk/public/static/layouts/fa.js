import farsi from "../../web/vendor/layouts/farsi.js";
import { lettersOf } from "./arrangement.js";

// Letters and the half space that the library keeps behind a shift key that Persian has no use for.
export default {
  letters: [...lettersOf(farsi), "آ ژ ئ ء أ ؤ ة \u064b \u0651 {joiner}"],
  digits: "۰ ۱ ۲ ۳ ۴ ۵ ۶ ۷ ۸ ۹",
  rare: ["\u064c \u064d \u064e \u064f \u0650 \u0652 \u0654 \u0670 إ ۀ ي ك"],
  ends: "، ؟",
};
