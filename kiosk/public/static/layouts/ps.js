// Pashto: the order of the keyboard of Afghanistan (Dari's, which people know), all letters on one layer.
export default {
  letters: [
    "ض ص ث ق ف غ ع ه خ ح ج چ",
    "ش س ی ب ل ا ت ن م ک ګ",
    "ظ ط ز ر ذ د ړ و پ ږ ژ",
    "ټ ډ ځ څ ښ ڼ ې ۍ ي ئ آ {joiner}",
  ],
  digits: "۰ ۱ ۲ ۳ ۴ ۵ ۶ ۷ ۸ ۹",
  rare: ["ء أ ؤ ة ۀ گ ى ك \u064b \u064c \u064d", "\u064e \u064f \u0650 \u0651 \u0652 \u0654 \u0670"],
  ends: "، ؟",
};
