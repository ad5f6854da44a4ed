// Fails when a public method or field of the declarations has no documentation: node documented.mjs FILE

import { readFileSync } from "node:fs";
import ts from "typescript";

const [file] = process.argv.slice(2);
const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
const bare = [];
let seen = 0;

function visit(node) {
  // `declare global` repeats TypeScript's own library.
  if (ts.isModuleDeclaration(node) && node.flags & ts.NodeFlags.GlobalAugmentation) return;
  const counts =
    ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isMethodSignature(node) ||
    ts.isMethodDeclaration(node) || ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) ||
    ts.isTypeAliasDeclaration(node);
  // An object type within another has no name of its own: its holder is documented.
  if (counts && !ts.isTypeLiteralNode(node.parent)) {
    seen++;
    if (ts.getJSDocCommentsAndTags(node).length === 0) bare.push(node.name?.getText() ?? "?");
  }
  ts.forEachChild(node, visit);
}

visit(source);
if (bare.length > 0 || seen === 0) {
  console.log(`without documentation: ${bare.join(", ") || "nothing was found"}`);
  process.exitCode = 1;
} else {
  console.log(`documentation:               ${seen} classes, methods and fields, none without`);
}
