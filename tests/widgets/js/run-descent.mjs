// Reads cases from standard input, runs descent.js on them, writes what came out.
import { readFileSync } from "node:fs";

import { race, SURFACES } from "../../../nbcourse/widgets/js/descent.js";
import { contourLevels, lossWords } from "../../../nbcourse/widgets/js/landscape.js";

const { places, cases, losses } = JSON.parse(readFileSync(0, "utf8"));
const surfaces = Object.fromEntries(Object.entries(SURFACES).map(([name, [height, slope]]) =>
  [name, places.map(([x, y]) => [height(x, y), ...slope(x, y)])]));
console.log(JSON.stringify({ surfaces, paths: cases.map(race), levels: contourLevels(0.5, 7), words: losses.map(lossWords) }));
