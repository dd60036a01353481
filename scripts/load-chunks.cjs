// Loads the program's chunks together with what V8 made of them when they were built: to compile them anew takes a
// fifth of a small scan. Another version of V8, or another setting of its flags, does not take it and compiles.
// Copied into dist/bin by bundle.mjs.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

const V8 = `v8-${process.versions.v8.replace(/-.*/, "")}-${process.arch}`;
const modules = new Map();
/** By file; for keep-compiled.mjs. */
const scripts = new Map();

/** Gives what a chunk exports, running it first where nothing did. */
function load(name) {
  const known = modules.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(name, module);
  const filename = join(__dirname, name);
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, "latin1")}\n})`,
    { filename, cachedData: compiledOf(filename) },
  );
  scripts.set(filename, script);
  script.runInThisContext()(module.exports, requireFor, module, filename, __dirname);
  return module.exports;
}

function requireFor(id) {
  return id.startsWith("./") ? load(id.slice(2)) : require(id);
}

/** Where the compiled code of a chunk lies. */
function compiledFile(filename) {
  return `${filename}.${V8}`;
}

function compiledOf(filename) {
  try {
    return readFileSync(compiledFile(filename));
  } catch {
    return undefined;
  }
}

module.exports = { load, scripts, compiledFile };
