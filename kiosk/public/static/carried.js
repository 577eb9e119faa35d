// Words that the server does not have yet, carried to the next page of the conversation: what is typed, and messages that
// wait to be sent. They lie in the session storage between two pages; without a server, as long as another page is read.
// The conversation takes them away again, and so does the wall (`clean.js`).
//
// What a browser keeps for its tab it also writes to its disk. So the words are sealed (AES-GCM), and their key lies in a
// cookie without a date, which stays in memory. Where a page has no cryptography (plain HTTP) nothing is carried.

const KEPT = "carried";
const KEY = "rehber_carried"; // as in kiosk/public/kiosk.py

const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const toBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

async function seal(words) {
  const key = crypto.getRandomValues(new Uint8Array(32));
  const start = crypto.getRandomValues(new Uint8Array(12));
  const sealing = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: start }, sealing, new TextEncoder().encode(words));
  document.cookie = `${KEY}=${encodeURIComponent(toText(key))}; path=/; SameSite=Strict`;
  return `${toText(start)} ${toText(new Uint8Array(sealed))}`;
}

async function open(kept) {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${KEY}=`));
  const [start, sealed] = kept.split(" ").map(toBytes);
  const key = toBytes(decodeURIComponent(cookie.slice(KEY.length + 1)));
  const opening = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: start }, opening, sealed));
}

// messages: [{ id, text or token, shownAs }]
export async function carry(field, messages) {
  if (crypto.subtle) sessionStorage.setItem(KEPT, await seal(JSON.stringify({ draft: field.value, messages })));
}

export const hasToCarry = (field, messages) => field.value !== "" || messages.length > 0;

export const isCarrying = () => sessionStorage.getItem(KEPT) !== null;

// Gives the messages, and puts the draft into the field unless somebody was faster. What cannot be opened is over.
export async function takeUp(field) {
  const kept = sessionStorage.getItem(KEPT);
  if (kept === null) return [];
  try {
    const { draft, messages } = JSON.parse(await open(kept));
    if (!field.value) field.value = draft;
    return messages;
  } catch {
    return [];
  } finally {
    sessionStorage.removeItem(KEPT);
    document.cookie = `${KEY}=; path=/; SameSite=Strict; max-age=0`;
  }
}
