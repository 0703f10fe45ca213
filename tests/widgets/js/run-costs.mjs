// Reads cases from standard input, runs costs.js on them, writes what came out.
import { readFileSync } from "node:fs";

import { bound } from "../../../nbcourse/widgets/js/costs.js";
import { describe, nameOf, rates } from "../../../nbcourse/widgets/js/roofline.js";

const { machines, cases } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({ operation, size, kind, peak, bandwidth }) => {
  const found = bound(operation, size, kind, 1e9 * peak, 1e9 * bandwidth);
  return { ...found, words: describe(operation, size, kind, found), axis: rates(peak, bandwidth), machine: nameOf(machines, kind, peak, bandwidth) };
})));
