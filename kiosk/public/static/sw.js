// The service worker. It keeps pages that are the same for everybody, and shows them when a page does not come. It never
// keeps a page of a visit, and never what somebody sent. `KEPT` stands above, made by `kiosk.public.offline`.

const CACHE = `rehber-${KEPT.version}`;
const GONE = new Set([502, 503, 504]);
const PATIENCE = 800; // then it is asked whether the server is slow, or gone
const READY_WITHIN = 500;
const ASKED_EVERY = 1_500; // while a form waits
const GRACE = 3_000; // for the answer to a form when the server is back; after that the line has lost it

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function digest(body) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// All or nothing, and each file as this worker was made with: no mixture of versions, no log-in page of a network.
async function fill() {
  try {
    const cache = await caches.open(CACHE);
    for (const [path, expected] of Object.entries(KEPT.files)) {
      const answer = await fetch(path, { cache: "reload", credentials: "omit" });
      if (!answer.ok || (await digest(await answer.clone().arrayBuffer())) !== expected) throw new TypeError(path);
      await cache.put(path, answer);
    }
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function isReady() {
  try {
    const answer = await fetch("/health/ready", { cache: "no-store", signal: AbortSignal.timeout(READY_WITHIN) });
    return answer.ok && (await answer.json()).status === "ready";
  } catch {
    return false;
  }
}

// All that our door answers carries the policy; the log-in page of a network, or the page of a proxy, does not.
const isOurs = (answer) => answer.type === "opaqueredirect" || answer.headers.has("Content-Security-Policy");
const came = (answer) => answer !== undefined && !GONE.has(answer.status) && isOurs(answer);
const instead = (place) => Response.redirect(place, 303);

async function offlinePage(place, query = "") {
  const language = (await self.cookieStore?.get(KEPT.cookie))?.value;
  const page = `/offline/${language}`;
  return instead(page in KEPT.files ? `${page}${query}#${place}` : "/offline");
}

async function kept(path, request) {
  return (await (await caches.open(CACHE)).match(path)) ?? fetch(request);
}

// A page may be asked for twice: after a moment without an answer, and without a sign of life, the kept page comes.
async function page(event, { pathname, search }) {
  let over = false;
  const answer = Promise.resolve(event.preloadResponse)
    .then((early) => early ?? fetch(event.request))
    .catch(() => undefined);
  const absence = (async () => {
    do await pause(PATIENCE);
    while (!over && (await isReady()));
  })();
  const first = await Promise.race([answer, absence]);
  over = true;
  if (came(first)) return first;
  return pathname === "/" ? instead("/offline") : offlinePage(pathname + search);
}

// A form is sent once. Its answer is waited for as long as it can still come; the page below says that it takes long.
async function form(request, { pathname }) {
  const sent = request.clone();
  let over = false;
  const answer = fetch(request).catch(() => undefined);
  const loss = (async () => {
    for (let gone = false; !over; ) {
      await pause(ASKED_EVERY);
      if (!(await isReady())) gone = true;
      else if (gone) return pause(GRACE);
    }
  })();
  const first = await Promise.race([answer, loss]);
  over = true;
  if (came(first)) return first;
  if (pathname === "/finish") return instead("/offline#/finish");
  const fields = new URLSearchParams(await sent.text());
  const place = fields.get("place");
  if (pathname !== "/language") return offlinePage(place || placeBefore(pathname), "?unsent");
  const chosen = `/offline/${fields.get("code")}`;
  return instead(chosen in KEPT.files ? `${chosen}#${place || "/"}` : "/offline");
}

// The page on which a form stands, where the form does not say it.
function placeBefore(pathname) {
  if (pathname.startsWith("/check")) return "/check";
  const topic = /^\/topic\/[a-z-]+/.exec(pathname)?.[0];
  return pathname.endsWith("/slip") ? `${topic}/take` : (topic ?? "/chat");
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "GET" && url.pathname in KEPT.files) event.respondWith(kept(url.pathname, request));
  else if (request.mode !== "navigate") return;
  else if (request.method === "GET") event.respondWith(page(event, url));
  else event.respondWith(form(request, url));
});
