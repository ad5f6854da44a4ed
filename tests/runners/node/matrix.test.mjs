// Hostile JavaScript values in every parameter of every operation and configuration of the installed package. The
// parameters are those of its declarations, the good inputs those of the test vectors.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import * as kyso from "kyso";
import { goodCalls } from "./calls.mjs";

const root = join(import.meta.dirname, "../..");
const dist = new URL("node_modules/kyso/dist/", import.meta.url);
const ts = createRequire(join(root, "bindings-wasm/package.json"))("typescript");

function detached() {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** Values that other bindings take for something else. */
const HOSTILE = {
  undefined: undefined,
  null: null,
  true: true,
  NaN: NaN,
  "-0": -0,
  1.5: 1.5,
  "2^32+1": 2 ** 32 + 1,
  "2^53+1": 2 ** 53 + 2,
  "-1n": -1n,
  "2n**64n": 2n ** 64n,
  "empty text": "",
  "50,000": "50,000",
  "lone surrogate": "a\ud800b",
  "String object": new String("1000"),
  "[]": [],
  "[,]": [,],
  "{}": {},
  "{length: 0}": { length: 0 },
  Symbol: Symbol("1"),
  function: () => 1,
  ArrayBuffer: new ArrayBuffer(8),
  DataView: new DataView(new ArrayBuffer(8)),
  "detached Uint8Array": detached(),
  Proxy: new Proxy(class {}, {}),
};

/** What a parameter of each kind may be; everything else must be refused. Texts are judged by the core's rules. */
const LEGITIMATE = {
  text: ["empty text", "50,000"],
  whole: ["2^32+1"],
  flag: ["true"],
  json: ["{}", "{length: 0}"],
  list: ["[]"],
  any: ["{}", "{length: 0}", "[]", "empty text", "50,000"],
  word: [],
};

/** Which of those a declared type is. */
function kindOf(type) {
  const plain = type.replace(" | undefined", "");
  if (plain === "string" || plain === "string | Uint8Array") return "text";
  if (plain === "number | bigint | string") return "whole";
  if (plain === "boolean") return "flag";
  if (plain.endsWith("[]")) return "list";
  if (plain.startsWith('"')) return "word";
  if (plain.startsWith("string | object")) return "any";
  assert.match(plain, /^([A-Z]\w+|\{ \[name: string\]: .*\})$/, "a type that this test knows");
  return "json";
}

/** Name of an interface -> its members: name, type, whether it may be left out. */
function interfaces() {
  const text = readFileSync(new URL("index.d.mts", dist), "utf8");
  const source = ts.createSourceFile("index.d.mts", text, ts.ScriptTarget.Latest, true);
  const found = new Map();
  const look = (node, prefix) => {
    if (ts.isModuleDeclaration(node)) node.body.statements.forEach((inner) => look(inner, `${node.name.text}.`));
    if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) {
      const base = node.heritageClauses?.[0]?.types.map((one) => prefix + one.getText()) ?? [];
      found.set(prefix + node.name.text, { members: node.members, base });
    }
    // A gateway without a client is a constant.
    if (ts.isVariableStatement(node)) {
      const [{ name, type }] = node.declarationList.declarations;
      if (ts.isTypeLiteralNode(type)) found.set(name.text, { members: type.members, base: [] });
    }
  };
  source.statements.forEach((node) => look(node, ""));
  return found;
}

const declared = interfaces();

/** The properties of an input, inherited ones included. */
function parameters(name) {
  const { members, base } = declared.get(name);
  const own = members.filter(ts.isPropertySignature).map((member) => [
    member.name.getText(),
    { kind: kindOf(member.type.getText()), optional: member.questionToken !== undefined },
  ]);
  return [...base.flatMap(parameters), ...own];
}

/** Operation -> name of its input's interface, where it takes one. */
function inputs() {
  const found = new Map();
  for (const [gateway, { members }] of declared) {
    for (const member of members.filter((one) => ts.isPropertyDeclaration(one) || ts.isPropertySignature(one))) {
      const service = member.type?.getText() ?? "";
      if (!declared.has(service)) continue;
      for (const method of declared.get(service).members.filter(ts.isMethodSignature)) {
        const type = method.parameters[0]?.type.getText();
        const face = `${gateway}.${member.name.getText()}.${method.name.getText()}`;
        if (type !== undefined) found.set(face, `${gateway}.${type}`);
      }
    }
  }
  return found;
}

const { calls, configs } = goodCalls();
const made = inputs();

/** Tries every hostile value in every parameter; gives how many were tried and how many refused. */
function matrix(what, call, input, type) {
  const count = { tried: 0, refused: 0 };
  for (const [field, { kind, optional }] of parameters(type)) {
    for (const [name, value] of Object.entries(HOSTILE)) {
      const legitimate = LEGITIMATE[kind].includes(name) || (name === "undefined" && optional);
      count.tried++;
      try {
        call({ ...input, [field]: value });
        assert.ok(legitimate, `${what}: ${field}: ${name} was accepted`);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        assert.ok(error instanceof kyso.KysoError, `${what}: ${field}: ${name}: ${error}`);
        assert.notEqual(error.code, "internal", `${what}: ${field}: ${name}`);
        assert.ok(error.code !== "unknown_field" || error.field !== field, `${what}: ${field} is no parameter`);
        count.refused++;
      }
    }
  }
  return count;
}

test("hostile values in every parameter of every operation are refused", () => {
  const sum = { operations: 0, tried: 0, refused: 0 };
  for (const [name, type] of made) {
    const good = calls.get(name);
    assert.ok(good, `${name} has no good input in tests/vectors or good_calls.json`);
    const face = good.config === undefined ? kyso[good.face] : new kyso[good.face](good.config);
    const call = (input) => face[good.service][good.method](input);
    call(good.input);
    const { tried, refused } = matrix(name, call, good.input, type);
    sum.operations++;
    sum.tried += tried;
    sum.refused += refused;
  }
  console.log(`${sum.operations} operations, ${sum.tried} tried, ${sum.refused} refused, the others are what the parameter is for`);
  assert.ok(sum.operations >= 230 && sum.tried > 20_000);
});

test("hostile values in every parameter of every configuration are refused", () => {
  for (const [face, config] of configs) {
    const { tried } = matrix(face, (input) => new kyso[face](input), config, `${face}.Config`);
    assert.ok(tried >= 5 * 24, face);
  }
  assert.equal(configs.size, 3);
});

test("control: the raw binding takes most of them", async () => {
  const glue = await import(new URL("kyso_bg.mjs", dist));
  const module = new WebAssembly.Module(readFileSync(new URL("kyso_bg.wasm", dist)));
  const { exports } = new WebAssembly.Instance(module, { "./kyso_bg.js": glue });
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  const accepted = Object.entries(HOSTILE).filter(([, value]) => {
    try {
      glue.input(value);
      return true;
    } catch {
      return false;
    }
  });
  console.log(`the raw binding takes ${accepted.length} of ${Object.keys(HOSTILE).length}`);
  assert.ok(accepted.length >= 8);
});
