// Tags the texts of a JSON file, an array of strings, with npm's taggers, and
// prints one line of JSON for each: its name, what it gives, and the seconds of
// processor that the fastest of the rounds took.
//
//	node --single-threaded peers.js TEXTS.json ROUNDS
"use strict";

const fs = require("node:fs");
const winkNLP = require("wink-nlp");
const winkModel = require("wink-eng-lite-web-model");
const compromise = require("compromise/two");

const texts = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const rounds = Number(process.argv[3]);
const version = (name) => JSON.parse(fs.readFileSync(`${__dirname}/node_modules/${name}/package.json`, "utf8")).version;

// Only the stages that tags need.
const wink = winkNLP(winkModel, ["sbd", "pos"]);
const pos = wink.its.pos;

const peers = [
  {
    name: `wink-nlp ${version("wink-nlp")}`,
    gives: "universal tags",
    tag: (text) => wink.readDoc(text).tokens().out(pos).length,
  },
  {
    name: `compromise ${version("compromise")}`,
    gives: "tags of its own",
    tag: (text) => compromise(text).document.reduce((n, terms) => n + terms.length, 0),
  },
];

for (const { name, gives, tag } of peers) {
  let seconds = Infinity;
  for (let i = 0; i <= rounds; i++) {
    const start = process.cpuUsage();
    let tokens = 0;
    for (const text of texts) tokens += tag(text);
    const { user, system } = process.cpuUsage(start);
    const took = (user + system) / 1e6;
    if (tokens === 0) throw new Error(`${name} found no tokens`);
    if (i > 0) seconds = Math.min(seconds, took); // the first round warms up
  }
  console.log(JSON.stringify({ name, gives, seconds }));
}
