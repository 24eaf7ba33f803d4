// Prints as JSON what TimelineJS makes of a file: its errors, the events in its
// order, and how many of them it has drawn.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";

const { window } = new JSDOM('<div id="timeline"></div>', { runScripts: "outside-only", pretendToBeVisual: true });
window.IntersectionObserver = class {
  observe() {} // nothing scrolls here
};
window.eval(readFileSync(createRequire(import.meta.url).resolve("@knight-lab/timelinejs/dist/js/timeline.js"), "utf8"));
const timeline = new window.TL.Timeline("timeline", JSON.parse(readFileSync(process.argv[2], "utf8")));
while (!timeline.config) {
  await new Promise((resolve) => setImmediate(resolve));
}
const date = (d) => d && d.data.date_obj.toISOString().slice(0, 10);
console.log(
  JSON.stringify({
    errors: timeline.config.getErrors(),
    ready: timeline.ready,
    drawn: window.document.querySelectorAll(".tl-timemarker").length,
    events: timeline.config.events.map((e) => ({
      id: e.unique_id,
      start: date(e.start_date),
      end: date(e.end_date),
      headline: e.text.headline,
      text: e.text.text,
    })),
  }),
);
process.exit(0); // what it animates would go on
