// Says that the page is alive, on every page: to the server, which shows staff the kiosks that are silent, and in the
// browser's own log, which the script that started the browser reads. It sends nothing but that.

const TO_THE_SERVER = 30_000; // as `bot.storage.kiosks.BEAT_EVERY`
const TO_THE_STARTER = 2_000; // deploy/kiosk/rehber-kiosk starts the browser again after 20 s without it
export const SIGN = "rehber: alive";

async function tellTheServer() {
  try {
    await fetch("/heartbeat", { method: "POST" });
  } catch {
    // Without a line there is nobody to tell; the next beat tries again.
  }
}

function tellTheStarter() {
  console.info(SIGN);
}

tellTheServer();
tellTheStarter();
setInterval(tellTheServer, TO_THE_SERVER);
setInterval(tellTheStarter, TO_THE_STARTER);
