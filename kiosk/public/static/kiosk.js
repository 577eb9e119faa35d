// What every page of the kiosk does, each in a module of its own. Without any of it the pages still work.

import "./look.js";
import "./idle.js";
import "./clean.js";
import "./slow.js";
import "./worker.js";
import "./typing.js";
import "./reader.js";
import "./waiting.js";
import "./heartbeat.js";
import "./still.js";
