// Puts the modules of src/ into one file and makes build/ what a web server needs.
// A real bundler does the same and more; this one needs no package from anywhere.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const MODULES = ["store.js", "view.js", "app.js"]; // what is used before who uses it

function bundle() {
  const bodies = MODULES.map((name) =>
    readFileSync(`src/${name}`, "utf8")
      .replace(/^import .*;\n/gm, "")
      .replace(/^export /gm, ""),
  );
  return `(() => {\n${bodies.join("\n")}})();\n`;
}

rmSync("build", { recursive: true, force: true });
mkdirSync("build/static", { recursive: true });
cpSync("public", "build", { recursive: true });
const script = bundle();
const hash = createHash("sha256").update(script).digest("hex").slice(0, 8);
writeFileSync(`build/static/app.${hash}.js`, script);
const page = readFileSync("public/index.html", "utf8");
writeFileSync("build/index.html", page.replace("app.js", `static/app.${hash}.js`));
console.log(`build/static/app.${hash}.js  ${script.length} bytes`);
