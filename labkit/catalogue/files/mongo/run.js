// Runs mongosh.js by what V8 made of it when this image was built: to compile 12 MB of
// JavaScript would take a second of every start. V8 refuses what another version of it
// has made, and then compiles as ever.
"use strict";
const fs = require("node:fs");
const Module = require("node:module");
const vm = require("node:vm");

const bundle = `${__dirname}/mongosh.js`;
const cache = `${__dirname}/mongosh.cache`;
const making = process.env.MONGOSH_MAKE_CACHE !== undefined;

const script = new vm.Script(Module.wrap(fs.readFileSync(bundle, "utf8")), {
  filename: "/usr/local/lib/mongosh/mongosh.js", // wherever it is made
  cachedData: making ? undefined : fs.readFileSync(cache),
});
const itself = new Module(bundle, null);
itself.filename = bundle;
itself.paths = [];
process.argv[1] = bundle;
script.runInThisContext()(
  itself.exports, Module.createRequire(bundle), itself, bundle, __dirname,
);
if (making) { // now that it has run once, what is called at each start is compiled, too
  fs.writeFileSync(cache, script.createCachedData());
  process.exit(0);
}
