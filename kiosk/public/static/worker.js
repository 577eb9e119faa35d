// Registers the service worker, where the browser allows one: on HTTPS, and on the kiosk's own machine.

const WORKER = "/sw.js";
const AFTER = 2_000; // what it fetches and checks must not slow down the next page, which may be asked for at once

function address() {
  const policy = window.trustedTypes?.createPolicy("rehber-worker", {
    createScriptURL(url) {
      if (url !== WORKER) throw new TypeError(`not the worker: ${url}`);
      return url;
    },
  });
  return policy ? policy.createScriptURL(WORKER) : WORKER;
}

// Without a server there is nothing to register; the next page tries again.
window.addEventListener("load", () => {
  setTimeout(() => navigator.serviceWorker?.register(address(), { updateViaCache: "none" }).catch(() => {}), AFTER);
});
