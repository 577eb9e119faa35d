// Changes a field as a keyboard does: where the caret is, instead of what is selected, and never beyond its `maxlength`.
// Positions count in the order of writing, so right to left needs no other arithmetic: the field's `dir` shows it right.

const JOINER = "\u200c";
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function insert(field, words) {
  const { selectionStart: from, selectionEnd: to, value, maxLength } = field;
  if (maxLength >= 0 && value.length - (to - from) + words.length > maxLength) return;
  replace(field, words, from, to, "insertText");
}

// The selection, or what a reader takes for one letter before the caret: with its marks, and both halves of an emoji.
export function deleteBack(field) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const begin = from === to ? from - lastLetter(value.slice(0, from)).length : from;
  if (begin < to) replace(field, "", begin, to, "deleteContentBackward");
}

function lastLetter(words) {
  // A half space counts as a part of the letter before it; who has just typed it wants to take back no more than that.
  if (words.endsWith(JOINER)) return JOINER;
  return Array.from(letters.segment(words), ({ segment }) => segment).at(-1) ?? "";
}

function replace(field, words, from, to, inputType) {
  field.setRangeText(words, from, to, "end");
  // A field does not follow a caret that a script has moved.
  if (field.selectionEnd === field.value.length) field.scrollTop = field.scrollHeight;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType, data: words || null }));
}
