// The strict layer: plain data only, read once and packed into one text in the same pass, so that what was checked is
// what is sent. WebAssembly memory is not touched before everything has passed.
//
// A value is packed as a letter and what belongs to it, so that nothing needs escaping: `s` its length in UTF-16 units,
// `:`, a text; `i` digits `;`, a whole number; `t`, `f`, `n`; `l` count `:`, values; `d` count `:`, names and values.

import { refusal } from "./error.mjs";

/** As deep as the core reads. */
const MAX_DEPTH = 32;
/** In UTF-16 units. Twice what any operation takes, and far from what memory allows. */
const MAX_LENGTH = 16 * 1024 * 1024;
const MAX_BIGINT = 2n ** 64n - 1n;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
// Works for arrays of another realm (test runners have several) and cannot be faked.
const arrayKind = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

/**
 * Packs a record.
 * @param input what the caller gave
 * @param where `{ operation, stage }` for errors
 * @param raw names of the members that take bytes besides text
 */
export function pack(input, where, raw) {
  if (!isRecord(input)) throw new TypeError(`${where.operation}: takes one plain object`);
  const text = record(input, where, "", raw, 1);
  if (text.length > MAX_LENGTH) throw tooLong(where);
  return text;
}

/** A plain object of any realm: made by a literal, JSON.parse or Object.create(null). */
function isRecord(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function record(input, where, path, raw, depth) {
  const names = Object.keys(input);
  let count = 0;
  let text = "";
  for (let index = 0; index < names.length; index++) {
    const name = names[index];
    const value = input[name]; // The only time that it is read.
    if (value === undefined) continue;
    if (!name.isWellFormed()) throw illFormed(where, path + shown(name));
    const packed =
      raw !== undefined && ArrayBuffer.isView(value) && raw.includes(name)
        ? bytes(value, where, path, name)
        : plain(value, where, path, name, depth);
    text += name.length + ":" + name + packed;
    if (text.length > MAX_LENGTH) throw tooLong(where, path + shown(name));
    count++;
  }
  return "d" + count + ":" + text;
}

function list(input, where, path, depth) {
  const length = input.length;
  let text = "l" + length + ":";
  for (let index = 0; index < length; index++) {
    text += plain(input[index], where, path, String(index), depth);
    if (text.length > MAX_LENGTH) throw tooLong(where, path + index);
  }
  return text;
}

/** The member `name` of what stands at `path`; the two are joined for errors only. */
function plain(value, where, path, name, depth) {
  switch (typeof value) {
    case "string":
      if (value.length > MAX_LENGTH) throw tooLong(where, path + shown(name));
      if (!value.isWellFormed()) throw illFormed(where, path + shown(name));
      return "s" + value.length + ":" + value;
    case "boolean":
      return value ? "t" : "f";
    case "number":
      // Fractions and what is rounded have no place in signed texts; -0 prints as 0.
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw notWhole(where, path + shown(name));
      return "i" + value + ";";
    case "bigint":
      if (value < 0n || value > MAX_BIGINT) throw notWhole(where, path + shown(name));
      return "i" + value + ";";
    case "object":
      return nested(value, where, path + shown(name), depth);
    default:
      throw notPlain(where, path + shown(name));
  }
}

function nested(value, where, field, depth) {
  // JSON text of a gateway may hold null; a field of ours may not.
  if (value === null && depth > 1) return "n";
  if (depth >= MAX_DEPTH) throw tooDeep(where, field);
  if (Array.isArray(value)) return list(value, where, `${field}.`, depth + 1);
  if (isRecord(value)) return record(value, where, `${field}.`, undefined, depth + 1);
  throw notPlain(where, field);
}

/** Raw text as a framework hands it over when it is no string: a Uint8Array (Buffer) of UTF-8. */
function bytes(value, where, path, name) {
  const field = path + shown(name);
  if (arrayKind.call(value) !== "Uint8Array" || isDetached(value)) throw notPlain(where, field);
  if (value.byteLength > MAX_LENGTH) throw tooLong(where, field);
  let text;
  try {
    text = utf8.decode(value);
  } catch {
    throw refusal("not_utf8", where, field, "is not valid UTF-8", "không phải UTF-8 hợp lệ");
  }
  return "s" + text.length + ":" + text;
}

function isDetached(bytes) {
  if (bytes.byteLength > 0) return false;
  try {
    new Uint8Array(bytes.buffer);
    return false;
  } catch {
    return true;
  }
}

/** A name as errors show it: short and printable, since it may be anything. The core does the same. */
function shown(name) {
  return name.replace(/[^!-~]/g, "").slice(0, 64) || "?";
}

const notPlain = (where, field) =>
  refusal(
    "wrong_type",
    where,
    field,
    "must be plain data: text, true or false, a whole number, a list or a plain object",
    "phải là dữ liệu thuần: văn bản, true/false, số nguyên, danh sách hoặc đối tượng thường",
  );
const notWhole = (where, field) =>
  refusal(
    "wrong_type",
    where,
    field,
    "must be a safe integer, a BigInt from 0 to 2^64-1, or text",
    "phải là số nguyên an toàn, BigInt từ 0 đến 2^64-1, hoặc văn bản",
  );
const illFormed = (where, field) =>
  refusal(
    "wrong_type",
    where,
    field,
    "must be well-formed text, without lone surrogates",
    "phải là văn bản hợp lệ, không có surrogate lẻ",
  );
const tooDeep = (where, field) =>
  refusal("malformed_input", where, field, "is nested too deeply", "lồng nhau quá nhiều cấp");
const tooLong = (where, field) => refusal("malformed_input", where, field, "is too long", "quá dài");
