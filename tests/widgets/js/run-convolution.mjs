// Reads cases from standard input, runs convolution.js on them, writes what came out.
import { readFileSync } from "node:fs";

import { featureMap, outputSize, windowAt } from "../../../nbcourse/widgets/js/convolution.js";
import { sizeWords, sumWords } from "../../../nbcourse/widgets/js/kernel.js";

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(({ image, kernel, place, ...settings }) => {
  const map = featureMap(image, kernel, settings);
  const m = outputSize(image.length, 3, settings);
  const under = windowAt(image, 3, place, settings);
  return { map, under, words: [sumWords(under, kernel, map[place], place, m), sizeWords(image.length, m, settings)] };
})));
