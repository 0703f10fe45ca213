// Reads a list of [TeX, whether it stands on lines of its own] and writes their MathML, by the book's own MathJax.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const folder = process.argv[2];
const { init } = createRequire(import.meta.url)(`${folder}/node-main.js`);
const mathjax = await init({
  loader: { load: ["input/tex", "adaptors/liteDOM"], paths: { mathjax: folder } },
  options: { enableMenu: false },
});
const formulas = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(formulas.map(([tex, display]) => mathjax.tex2mml(tex, { display }))));
