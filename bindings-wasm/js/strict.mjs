// The strict layer: plain data only, read once and packed in the same pass, so that what was checked is what is sent.
// WebAssembly memory is not touched before everything has passed.
//
// A packed record is a list of numbers in the order of the values, and the texts that they measure, joined. Of a value
// the lowest three bits say what it is and the others how much of it: the UTF-16 units of a text, the digits of a number,
// the items of a list, the members of a record, the bytes of a long text, which stands behind the joined ones. In front
// of a member's value stands its name: twice the units of its text, or one more than twice the number that the other
// side has given the name.

import { refusal } from "./error.mjs";
import { byteLength } from "./host.mjs";

/** As deep as the core reads. */
const MAX_DEPTH = 32;
/** In UTF-16 units. Twice what any operation takes, and far from what memory allows. */
const MAX_LENGTH = 16 * 1024 * 1024;
const MAX_BIGINT = 2n ** 64n - 1n;
/** Of values and names. The core reads 131,072 values in a message. */
const MAX_WORDS = 262_144;
/** Texts of more UTF-16 units are not joined with others. */
export const MANY = 4096;

const [NULL, FALSE, TRUE, TEXT, NUMBER, LIST, RECORD, LONG] = [0, 1, 2, 3, 4, 5, 6, 7];

/** Numbers of the names that the other side knows. */
export const names = new Map();
/** Longer names are always written. */
const MAX_NAME = 64;

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
  const packed = { words: [], text: "", long: [], longBytes: 0, fresh: [] };
  record(packed, input, where, "", raw, 1);
  if (packed.text.length + packed.longBytes > MAX_LENGTH) throw tooLong(where);
  return packed;
}

/**
 * A plain object of any realm: made by a literal, JSON.parse or Object.create(null). What it inherits from anything else
 * would be seen by its maker and not by us.
 */
function isRecord(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "hasOwnProperty");
}

function record(packed, input, where, path, raw, depth) {
  const { words } = packed;
  const head = words.push(RECORD) - 1;
  const members = Object.keys(input);
  // Members with a symbol for a name, or hidden from keys, would be left out in silence.
  if (Reflect.ownKeys(input).length !== members.length) throw notPlain(where, path.slice(0, -1) || undefined);
  let count = 0;
  for (let index = 0; index < members.length; index++) {
    const name = members[index];
    const value = input[name]; // The only time that it is read.
    // An option that is not given. Deeper down it is a value that was forgotten, such as the amount that is expected.
    if (value === undefined && depth === 1) continue;
    nameOf(packed, name, where, path, depth);
    if (raw !== undefined && ArrayBuffer.isView(value) && raw.includes(name)) {
      text(packed, bytes(value, where, path, name));
    } else {
      plain(packed, value, where, path, name, depth);
    }
    if (packed.text.length + packed.longBytes > MAX_LENGTH) throw tooLong(where, path + shown(name));
    if (words.length > MAX_WORDS) throw tooLong(where, path + shown(name));
    count++;
  }
  words[head] = count * 8 + RECORD;
}

function nameOf(packed, name, where, path, depth) {
  const known = depth === 1 ? names.get(name) : undefined;
  if (known !== undefined) {
    packed.words.push(known * 2 + 1);
    return;
  }
  if (!name.isWellFormed()) throw illFormed(where, path + shown(name));
  if (depth === 1 && name.length <= MAX_NAME) packed.fresh.push(name);
  packed.words.push(name.length * 2);
  packed.text += name;
}

function list(packed, input, where, path, depth) {
  const length = input.length;
  // An array's own length is a whole number; that of a Proxy is what it likes.
  if (!Number.isInteger(length) || length < 0) throw notPlain(where, path.slice(0, -1));
  if (packed.words.length + length > MAX_WORDS) throw tooLong(where, path.slice(0, -1));
  packed.words.push(length * 8 + LIST);
  for (let index = 0; index < length; index++) {
    plain(packed, input[index], where, path, String(index), depth);
    if (packed.text.length + packed.longBytes > MAX_LENGTH) throw tooLong(where, path + index);
    if (packed.words.length > MAX_WORDS) throw tooLong(where, path + index);
  }
}

function text(packed, value) {
  if (value.length > MANY) {
    const length = byteLength(value);
    packed.words.push(length * 8 + LONG);
    packed.long.push(value);
    packed.longBytes += length;
    return;
  }
  packed.words.push(value.length * 8 + TEXT);
  packed.text += value;
}

function number(packed, value) {
  const digits = String(value);
  packed.words.push(digits.length * 8 + NUMBER);
  packed.text += digits;
}

/** The member `name` of what stands at `path`; the two are joined for errors only. */
function plain(packed, value, where, path, name, depth) {
  switch (typeof value) {
    case "string":
      if (value.length > MAX_LENGTH) throw tooLong(where, path + shown(name));
      if (!value.isWellFormed()) throw illFormed(where, path + shown(name));
      return text(packed, value);
    case "boolean":
      packed.words.push(value ? TRUE : FALSE);
      return;
    case "number":
      // Fractions and what is rounded have no place in signed texts; -0 prints as 0.
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw notWhole(where, path + shown(name));
      return number(packed, value);
    case "bigint":
      if (value < 0n || value > MAX_BIGINT) throw notWhole(where, path + shown(name));
      return number(packed, value);
    case "object":
      return nested(packed, value, where, path + shown(name), depth);
    case "undefined":
      throw refusal("wrong_type", where, path + shown(name), "is undefined", "là undefined");
    default:
      throw notPlain(where, path + shown(name));
  }
}

function nested(packed, value, where, field, depth) {
  // JSON text of a gateway may hold null; a field of ours may not.
  if (value === null && depth > 1) {
    packed.words.push(NULL);
    return;
  }
  if (depth >= MAX_DEPTH) throw tooDeep(where, field);
  if (Array.isArray(value)) return list(packed, value, where, `${field}.`, depth + 1);
  if (isRecord(value)) return record(packed, value, where, `${field}.`, undefined, depth + 1);
  throw notPlain(where, field);
}

/** Raw text as a framework hands it over when it is no string: a Uint8Array (Buffer) of UTF-8. */
function bytes(value, where, path, name) {
  const field = path + shown(name);
  if (arrayKind.call(value) !== "Uint8Array" || isDetached(value)) throw notPlain(where, field);
  if (value.byteLength > MAX_LENGTH) throw tooLong(where, field);
  try {
    return utf8.decode(value);
  } catch {
    throw refusal("not_utf8", where, field, "is not valid UTF-8", "không phải UTF-8 hợp lệ");
  }
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
