// Shorthand properties of names from earlier cells. tslab turns such a name into a property of `exports`, `data` into
// `exports.data`, but overlooks it in `{ data }`, which then fails with "data is not defined".
import type * as TypeScript from "typescript";

const ts = require("@tslab/typescript-for-tslab") as typeof TypeScript;

/**
 * Writes `{ data }` as `{ data: exports.data }` where `data` comes from an earlier cell. Lines stay where they are.
 *
 * @param compiled a cell as tslab compiled it
 * @param declarations of the earlier cells, as TypeScript
 */
export function completeShorthand(compiled: string, declarations: string): string {
  if (!/[{,]\s*[\w$]+\s*[,}]/.test(compiled)) return compiled;
  const source = ts.createSourceFile("cell.js", compiled, ts.ScriptTarget.ES2022, true);
  const own = declaredNames(source);
  const earlier = declaredNames(
    ts.createSourceFile("declarations.ts", declarations, ts.ScriptTarget.ES2022, true),
  );
  const ends: { at: number; name: string }[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isShorthandPropertyAssignment(node) && !isPattern(node)) {
      const name = node.name.text;
      if (earlier.has(name) && !own.has(name)) ends.push({ at: node.name.end, name });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return ends.reduceRight(
    (text, { at, name }) => `${text.slice(0, at)}: exports.${name}${text.slice(at)}`,
    compiled,
  );
}

/** Every name that is declared anywhere in a file: where a cell declares it too, the cell's own may be meant. */
function declaredNames(source: TypeScript.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: TypeScript.Node): void => {
    const { name } = node as { name?: TypeScript.Node };
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionLike(node) ||
      ts.isClassLike(node) ||
      ts.isEnumDeclaration(node) ||
      ts.isImportClause(node) ||
      ts.isImportSpecifier(node) ||
      ts.isNamespaceImport(node);
    if (declares && name && ts.isIdentifier(name) && !ts.isMethodDeclaration(node)) names.add(name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** Whether an object literal is what is assigned to, as in `({ a } = b)`. */
function isPattern({ parent }: TypeScript.Node): boolean {
  const { parent: outer } = parent;
  return (
    ts.isBinaryExpression(outer) &&
    outer.left === parent &&
    outer.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}
