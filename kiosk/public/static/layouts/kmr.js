// Kurmanji in Latin letters (Hawar): the order of QWERTY, with its own five letters at the ends of the rows.
export default {
  letters: ["q w e r t y u i o p û î", "a s d f g h j k l ê ş", "z x c v b n m ç"],
  locale: "ku",
};
