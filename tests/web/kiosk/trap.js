// Says where the page is, and prepares what `tests/web/kiosk/test_escape.py` wants to try.

const say = (place, words) => fetch(`/trap/${place}`, { method: "POST", body: words });
const page = Math.random();
let menus = 0;

// After the page's own listeners: whether the menu comes is decided then.
window.addEventListener("contextmenu", (event) => { if (!event.defaultPrevented) menus += 1; });

function here() {
  return JSON.stringify({
    href: location.href, page, menus,
    visible: document.visibilityState === "visible", focused: document.hasFocus(),
    width: innerWidth, height: innerHeight, zoom: devicePixelRatio, scale: visualViewport.scale,
  });
}

/** Fills the screen with one element, so that a click in the middle meets it. */
function fill(name, properties) {
  const element = document.createElement(name);
  Object.assign(element, properties);
  Object.assign(element.style, { position: "fixed", inset: "0", zIndex: "99", fontSize: "200px", background: "white" });
  if (!element.textContent) element.textContent = "Touch";
  document.body.append(element);
  return element;
}

const calls = {
  print: () => window.print(),
  open: (to) => window.open(to, "_blank", "popup,width=300,height=300"),
  alert: () => alert("A dialog"),
  prompt: () => prompt("A dialog"),
  leave: () => { addEventListener("beforeunload", (event) => event.preventDefault()); location.assign("/"); },
  fullscreen: () => document.documentElement.requestFullscreen(),
  notify: () => Notification.requestPermission(),
  place: () => navigator.geolocation.getCurrentPosition(() => {}),
  camera: () => navigator.mediaDevices.getUserMedia({ video: true, audio: true }),
  screen: () => navigator.mediaDevices.getDisplayMedia(),
  folder: () => showDirectoryPicker(),
  save: () => showSaveFilePicker(),
  share: () => navigator.share({ url: "/" }),
  usb: () => navigator.usb.requestDevice({ filters: [] }),
  dark: () => new EyeDropper().open(),
  picture: () => document.querySelector("video").requestPictureInPicture(),
  window: () => documentPictureInPicture.requestWindow(),
  protocol: () => navigator.registerProtocolHandler("web+x", "/?x=%s"),
  close: () => window.close(),
  move: () => { window.resizeTo(300, 300); window.moveTo(0, 0); },
  blob: () => location.assign(URL.createObjectURL(new Blob(["<h1>out</h1>"], { type: "text/html" }))),
  hang: () => { for (;;); },
};

function prepare(order) {
  switch (order.act) {
    case "go": location.assign(order.to); break;
    case "link": fill("a", { href: order.to, target: order.target ?? "", ...(order.download && { download: order.download }) }); break;
    case "file": fill("input", { type: "file" }); break;
    case "field": fill("input", { type: "text", value: "words" }); break;
    case "call": fill("button", { onclick: () => calls[order.name](order.to) }); break;
  }
  say("done", order.act);
}

async function tick() {
  // As every page of the kiosk: a page that pretends to be one must not be stopped only because it forgot this.
  console.info("rehber: alive");
  try {
    const order = await (await say("here", here())).json();
    if (order.act) prepare(order);
  } catch { /* the server is gone for a moment: the next tick asks again */ }
}

setInterval(tick, 250);
