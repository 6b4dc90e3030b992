// Keeps the pure folders pure where the linter cannot see it: no clock, no randomness, no locale or time zone of the
// machine, no import but from other pure folders. Resolution is a function of fragments, model and assertions; anything
// ambient would make it a function of the machine too. Also refuses suppression comments anywhere in src.
// Prints `file:line  finding` and exits with 1 if there is any.
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

const PURE_FOLDERS = ["compare", "fragment", "model", "normalize", "profile", "resolve"];

/** Members of globals that read the clock or randomness, as `object.member`. */
const AMBIENT_MEMBERS = new Set(["Date.now", "Math.random"]);

/** Methods whose result depends on the locale or time zone of the machine, whatever they are called on. */
const MACHINE_METHODS =
  /^(localeCompare|toLocale\w*|getTimezoneOffset|to(Date|Time)String|[gs]et(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds))$/;

const SUPPRESSION = /@ts-(ignore|nocheck|expect-error)|biome-ignore/;

/**
 * @typedef {{ file: string; line: number; finding: string }} Impurity
 */

/**
 * @param {string} file path from the repository root with forward slashes, such as `src/resolve/edges.ts`
 * @returns {boolean}
 */
function isPure(file) {
  return PURE_FOLDERS.some((folder) => file.startsWith(`src/${folder}/`));
}

/**
 * @param {string} file importing file, from the repository root with forward slashes
 * @param {string} specifier what it imports
 * @returns {string | undefined} the finding, if the import is not allowed in a pure folder
 */
function importFinding(file, specifier) {
  if (isBuiltin(specifier)) return `imports the Node module ${specifier}`;
  if (!specifier.startsWith(".")) return undefined;
  const target = posix.join(posix.dirname(file), specifier);
  return isPure(target) ? undefined : `imports ${target}, which is outside the pure folders`;
}

/**
 * @param {ts.Node} node
 * @param {string} file
 * @returns {string | undefined}
 */
function nodeFinding(node, file) {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
    return ts.isStringLiteral(node.moduleSpecifier)
      ? importFinding(file, node.moduleSpecifier.text)
      : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return "imports dynamically";
  if (ts.isPropertyAccessExpression(node)) {
    const member = `${node.expression.getText()}.${node.name.text}`;
    if (AMBIENT_MEMBERS.has(member)) return `uses ${member}`;
    if (MACHINE_METHODS.test(node.name.text))
      return `depends on the machine's locale or time zone: ${node.name.text}`;
  }
  if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "Date") {
    const count = node.arguments?.length ?? 0;
    if (ts.isCallExpression(node) || count === 0) return "reads the clock: Date without arguments";
    if (count > 1) return "depends on the machine's time zone: use Date.UTC";
  }
  return undefined;
}

/**
 * @param {string} file path from the repository root with forward slashes
 * @param {string} text its content
 * @returns {Impurity[]}
 */
export function findImpurities(file, text) {
  /** @type {Impurity[]} */
  const found = [];
  text.split("\n").forEach((content, index) => {
    const suppression = SUPPRESSION.exec(content);
    if (suppression) found.push({ file, line: index + 1, finding: `suppresses a check: ${suppression[0]}` });
  });
  if (!isPure(file)) return found;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  /** @param {ts.Node} node */
  const visit = (node) => {
    const finding = nodeFinding(node, file);
    if (finding !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ file, line: line + 1, finding });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function main() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((path) => `src/${path.split(sep).join("/")}`)
    .filter((path) => path.endsWith(".ts"))
    .sort();
  const found = files.flatMap((file) => findImpurities(file, readFileSync(join(root, file), "utf8")));
  for (const { file, line, finding } of found) console.error(`${file}:${line}  ${finding}`);
  if (found.length > 0) process.exitCode = 1;
  else console.log(`purity: ${files.length} files checked, nothing found`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
