// Compares what the typed face of a package gives with what the vectors say. Knows no host: it reads no files.
// The file format is that of tests/vectors.

/** Members that are opaque or meant for people. */
const NEVER_COMPARED = ["idempotency_key", "message", "message_vi"];

/** `create_v1_1` -> `createV1_1`. */
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const show = (value) => JSON.stringify(value);

/** Runs the cases of files, `[name, cases]` each, and tells `report` of every one that fails. */
export function run(kyso, files, report) {
  const faces = new Map(Object.entries(kyso).map(([name, face]) => [name.toLowerCase(), face]));
  let passed = 0;
  let failed = 0;
  for (const [file, cases] of files) {
    for (const vector of cases) {
      const difference = check(kyso, faces, vector);
      if (difference === undefined) {
        passed++;
      } else {
        failed++;
        report(`${file}: ${vector.id} (${vector.operation}): ${difference}`);
      }
    }
  }
  return { passed, failed };
}

/** What is wrong with a case, or undefined. */
function check(kyso, faces, { operation, config, input, output, error }) {
  const [gateway, service, method] = operation.split(".");
  let face;
  let result;
  try {
    const found = faces.get(gateway);
    face = typeof found === "function" ? new found(config) : found;
    result = face[camel(service)][camel(method)](input);
  } catch (thrown) {
    if (error === undefined) return String(thrown);
    return compareError(kyso, thrown, error);
  }
  if (error !== undefined) return "an error was expected";
  if (output === undefined) return "the case expects nothing";
  const { opened, ...members } = output;
  if (opened === undefined) return compare("", result, members);
  const { plaintext } = face.envelope.open({ data: JSON.parse(result.body).data });
  return compareOpened(plaintext, opened) ?? compare("", result, members);
}

function compareError(kyso, thrown, expected) {
  if (!(thrown instanceof kyso.KysoError)) return `not a KysoError: ${thrown}`;
  for (const name of ["code", "field"]) {
    if (expected[name] !== undefined && expected[name] !== thrown[name]) return `${name}: ${thrown[name]}: ${thrown}`;
  }
}

function compareOpened(text, expected) {
  if (text === expected) return undefined;
  try {
    const [found, wanted] = [JSON.parse(text), JSON.parse(expected)];
    if (compare("", found, wanted) === undefined && compare("", wanted, found) === undefined) return undefined;
  } catch {
    // Not JSON: only the same text is right.
  }
  return `opened: ${text}`;
}

/** Every key that is expected must be there and equal; further keys are free. */
function compare(at, found, expected) {
  if (Array.isArray(expected)) return compareLists(at, found, expected);
  if (typeof expected !== "object" || expected === null) {
    return found === expected ? undefined : `${at}: ${show(found)} instead of ${show(expected)}`;
  }
  if (typeof found !== "object" || found === null || Array.isArray(found)) return `${at}: ${show(found)} is no object`;
  for (const [name, value] of Object.entries(expected)) {
    if (NEVER_COMPARED.includes(name)) continue;
    if (!Object.hasOwn(found, name)) return `${at}/${name}: absent`;
    const difference = compare(`${at}/${name}`, found[name], value);
    if (difference !== undefined) return difference;
  }
}

function compareLists(at, found, expected) {
  if (!Array.isArray(found)) return `${at}: ${show(found)} is no list`;
  if (found.length !== expected.length) return `${at}: ${found.length} elements instead of ${expected.length}`;
  for (const [index, value] of expected.entries()) {
    const difference = compare(`${at}/${index}`, found[index], value);
    if (difference !== undefined) return difference;
  }
}
