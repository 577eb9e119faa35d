// Carries unsent words over a change of language. They lie in the session storage from the touch to the next page only.

const KEY = "draft";

export function keepDraft(field) {
  if (field.value) sessionStorage.setItem(KEY, field.value);
}

export function restoreDraft(field) {
  const words = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (words && !field.value) field.value = words;
}
