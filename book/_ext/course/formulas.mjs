// Reads a list of [TeX, whether it stands on lines of its own] and writes how MathJax draws each, and their style sheet.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, fontURL] = process.argv.slice(2);
const { init } = createRequire(import.meta.url)(`${folder}/node-main.js`);
const mathjax = await init({
  loader: {
    load: ["input/tex", "output/chtml", "a11y/assistive-mml", "adaptors/liteDOM"],
    paths: { mathjax: folder },
  },
  chtml: { fontURL, adaptiveCSS: true },
});
const { adaptor } = mathjax.startup;
const drawn = [];
for (const [tex, display] of JSON.parse(readFileSync(0, "utf-8"))) {
  drawn.push(adaptor.outerHTML(await mathjax.tex2chtmlPromise(tex, { display })));
}
process.stdout.write(JSON.stringify({ drawn, style: adaptor.textContent(mathjax.chtmlStylesheet()) }));
