// The page's only program. Secrets live in the form's fields and in a client that is freed after every check.

import * as kyso from "kyso";
// Gateway, service and name of every operation, read from the package's declarations when the page is built.
import operations from "operations";

/** Members of the configuration that readers need; the rest goes into the field for further settings. */
const gateways = {
  hpay: { label: "HPay", Client: kyso.HPay, plain: ["merchant_site_code"], secret: ["secure_pass", "passcode"] },
  appotapay: { label: "AppotaPay", Client: kyso.AppotaPay, plain: ["partner_code"], secret: ["api_key", "secret_key"] },
  tconnect: { label: "TConnect", Client: kyso.TConnect, plain: ["partner_code"], secret: ["key"] },
};

const reads = ({ name }) => /^(read|verify)/.test(name);
const opens = ({ service, name }) => service === "envelope" && name === "open";
const builds = (operation) =>
  !reads(operation) && !opens(operation) && !["explain", "testing", "reference"].includes(operation.service);

/** What a visitor wants: which operations that offers, what is pasted, and how it is done. */
const tasks = {
  received: {
    offers: reads,
    label: ["Raw body, query string or whole return address", "Body thô, query string hoặc cả địa chỉ return_url"],
    run: received,
  },
  sent: {
    offers: builds,
    label: ["Body or address as it was sent, with its signature", "Body hoặc địa chỉ đã gửi, kèm chữ ký"],
    run: sent,
  },
  built: {
    offers: builds,
    label: ["The operation's input as JSON", "Tham số của thao tác, dạng JSON"],
    run: built,
  },
  opened: {
    offers: opens,
    label: ["Body {\"data\": …} or its hexadecimal text", "Body {\"data\": …} hoặc chuỗi hex của nó"],
    run: opened,
  },
  vietqr: { offers: () => false },
};

const texts = {
  refused: ["Refused", "Bị từ chối"],
  signed: ["Verified", "Chữ ký đúng"],
  decrypted_only: ["Decrypted, which does not prove who made it", "Giải mã được, nhưng không rõ ai đã tạo ra nó"],
  partly_signed: ["Verified, but the signature does not cover everything", "Chữ ký đúng, nhưng không bao phủ tất cả"],
  unsigned: ["Read. The gateway does not sign this message", "Đọc được. Cổng không ký thông điệp này"],
  not_checked: ["Read, not verified", "Đọc được, nhưng chưa kiểm tra chữ ký"],
  built: ["Built", "Đã tạo"],
  drawn: ["Drawn", "Đã vẽ"],
  defect: ["A defect of this page: see the console", "Lỗi của trang này: xem console"],
  json: ["This is not a JSON object", "Đây không phải đối tượng JSON"],
  formula: ["Formula", "Công thức"],
  text: ["Text that is signed (*** is the secret)", "Chuỗi được ký (*** là mã bí mật)"],
  signature: ["Right signature", "Chữ ký đúng phải là"],
  mistakes: ["What gives the other signature", "Lỗi tạo ra chữ ký kia"],
  fields: ["Field by field", "Từng trường"],
  columns: [["Field", "Value", "Signed", "Why"], ["Trường", "Giá trị", "Được ký", "Lý do"]],
  details: ["Result", "Kết quả"],
  plaintext: ["Content", "Nội dung"],
};

const $ = (id) => document.getElementById(id);
const state = { task: "received", vietnamese: navigator.language.startsWith("vi") };
const say = ([english, vietnamese]) => (state.vietnamese ? vietnamese : english);
const sentence = (record, name) => (state.vietnamese ? record[`${name}_vi`] : record[name]);

// ---- What is asked ----

class NotJson extends Error {}

function object(text) {
  if (text.trim() === "") return {};
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The same refusal as for a list or a number.
  }
  throw new NotJson();
}

/** The raw message by the name under which readers take it. */
function raw(text) {
  if (/^\s*[[{]/.test(text)) return { body: text };
  const address = text.trim();
  return { query: /^https?:/.test(address) ? address.slice(address.indexOf("?") + 1).split("#")[0] : address };
}

function config() {
  const { plain, secret } = gateways[$("gateway").value];
  const members = { environment: $("environment").value };
  for (const name of [...plain, ...secret]) {
    if ($(name).value !== "") members[name] = $(name).value;
  }
  const more = object($("more_settings").value);
  if (more.base_url !== undefined) delete members.environment;
  return { ...members, ...more };
}

const chosen = () => operations.find(({ path }) => path === $("operation").value);
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const call = (client, { service, name }, input) => client[camel(service)][camel(name)](input);

/** The explanation of a message, or nothing where there is none for it. */
function explanation(client, message) {
  const input = { operation: chosen().path, ...message };
  if ($("signature").value !== "") input.signature = $("signature").value.trim();
  if ($("other_secret").value !== "") input.other_secrets = [$("other_secret").value];
  return client.explain.signature(input);
}

function attempt(run) {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof kyso.KysoError) return { error };
    throw error;
  }
}

// ---- What is done ----

function received(client) {
  const message = raw($("text").value);
  const input = { ...message, ...object($("more_input").value) };
  if (chosen().service === "signature" && $("signature").value !== "") input.signature = $("signature").value.trim();
  const { value, error } = attempt(() => call(client, chosen(), input));
  const explained = attempt(() => explanation(client, message));
  if (error) refuse(error);
  else verdict(value.proof === "signed" ? "good" : "warn", say(texts[value.proof]));
  if (explained.value) explain(explained.value, error !== undefined);
  details(error ?? value);
}

function sent(client) {
  const { value, error } = attempt(() => explanation(client, raw($("text").value)));
  if (error) return refuse(error);
  judge(value);
  explain(value, false);
}

function built(client) {
  const input = object($("text").value);
  const { value, error } = attempt(() => call(client, chosen(), input));
  const explained = attempt(() => explanation(client, { input }));
  if (error) refuse(error);
  else if (explained.value?.matches !== undefined) judge(explained.value);
  else verdict("good", say(texts.built));
  if (explained.value) explain(explained.value, false);
  details(error ?? value);
}

function opened(client) {
  const text = $("text").value.trim();
  const data = text.startsWith("{") ? object(text).data ?? "" : text;
  const { value, error } = attempt(() => call(client, chosen(), { data }));
  if (error) {
    refuse(error);
    return note(sentence(explanation(client, { body: text }), "sentence"));
  }
  verdict("warn", say(texts.decrypted_only));
  block("plaintext", indented(value.plaintext));
}

function drawn() {
  const given = $("qr_text").value.trim();
  const { value, error } = attempt(() => {
    const text = given === "" ? kyso.VietQR.code.build(transfer()).text : given;
    const { svg } = kyso.VietQR.code.draw({ text, format: "svg", caption: true });
    return { text, svg, read: kyso.VietQR.code.read({ text }) };
  });
  if (error) {
    refuse(error);
    return details(error);
  }
  verdict("good", say(texts.drawn));
  const picture = add("img");
  picture.alt = "VietQR";
  picture.src = `data:image/svg+xml,${encodeURIComponent(value.svg)}`;
  add("pre", value.text);
  details(value.read);
}

function transfer() {
  const input = { bin: $("bin").value, account: $("account").value.trim() };
  if ($("amount").value !== "") input.amount = $("amount").value.trim();
  if ($("purpose").value !== "") input.purpose = kyso.VietQR.text.stripDiacritics({ text: $("purpose").value }).text;
  return input;
}

// ---- What is shown ----

function add(kind, text = "", to = $("result")) {
  const element = to.appendChild(document.createElement(kind));
  element.textContent = text;
  return element;
}

const verdict = (kind, text) => (add("p", text).className = `verdict ${kind}`);
const note = (text) => add("p", text);

function block(name, text) {
  add("h2", say(texts[name]));
  add("pre", text);
}

function refuse(error) {
  verdict("bad", `${say(texts.refused)}: ${error.code}`);
  note(sentence(error, "message"));
}

function judge(explained) {
  const kind = { true: "good", false: "bad" }[explained.matches] ?? "warn";
  verdict(kind, sentence(explained, "sentence"));
}

const details = (value) => block("details", JSON.stringify(value, null, 2));

/** JSON indented without a change of any number; other text as it is. */
function indented(text) {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  const pieces = text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? [];
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  return pieces
    .map((piece) => {
      if (piece === "{" || piece === "[") return (depth++, piece + line());
      if (piece === "}" || piece === "]") return (depth--, line() + piece);
      if (piece === ",") return piece + line();
      return piece === ":" ? ": " : piece;
    })
    .join("");
}

function explain(explained, withSentence) {
  if (withSentence) note(sentence(explained, "sentence"));
  if (explained.mistakes.length > 0) {
    add("h2", say(texts.mistakes));
    const list = add("ul");
    for (const mistake of explained.mistakes) add("li", sentence(mistake, "sentence"), list);
  }
  if (explained.formula !== undefined) block("formula", explained.formula);
  if (explained.text !== undefined) block("text", explained.text);
  if (explained.signature !== undefined) block("signature", explained.signature);
  if (explained.fields.length > 0) table(explained.fields);
}

function table(fields) {
  add("h2", say(texts.fields));
  const rows = add("table");
  const head = add("tr", "", rows);
  for (const column of say(texts.columns)) add("th", column, head);
  for (const { name, value, signed, why } of fields) {
    const row = add("tr", "", rows);
    row.className = signed ? "" : "unsigned";
    for (const text of [name, value ?? "–", signed ? "✓" : "–", why]) add("td", text, row);
  }
}

// ---- The page ----

function options(select, groups) {
  select.replaceChildren();
  for (const [label, entries] of groups) {
    const group = label === undefined ? select : add("optgroup", "", select);
    if (label !== undefined) group.label = label;
    for (const [value, text] of entries) add("option", text, group).value = value;
  }
}

/** Callbacks first: they are what is pasted most. */
const callbacksFirst = (one, other) => /callback|redirect/.test(other.name) - /callback|redirect/.test(one.name);

function showTask() {
  const { offers, label } = tasks[state.task];
  for (const button of $("tasks").children) {
    button.toggleAttribute("aria-current", button.dataset.task === state.task);
  }
  $("message").hidden = state.task === "vietqr";
  $("vietqr").hidden = state.task !== "vietqr";
  $("result").replaceChildren();
  if (state.task === "vietqr") return;
  $("text_label").textContent = say(label);
  $("signature_row").hidden = state.task === "opened";
  $("more_input_row").hidden = state.task !== "received";
  const fit = Object.keys(gateways).filter((name) => operations.some((one) => one.gateway === name && offers(one)));
  const before = $("gateway").value;
  options($("gateway"), [[undefined, fit.map((name) => [name, gateways[name].label])]]);
  if (fit.includes(before)) $("gateway").value = before;
  showGateway(before);
}

function showGateway(before) {
  const gateway = $("gateway").value;
  const operationBefore = $("operation").value;
  const fit = operations.filter((one) => one.gateway === gateway && tasks[state.task].offers(one)).sort(callbacksFirst);
  const services = [...new Set(fit.map(({ service }) => service))];
  const entries = (service) => fit.filter((one) => one.service === service).map(({ path }) => [path, path]);
  options($("operation"), services.map((service) => [service, entries(service)]));
  if (fit.some(({ path }) => path === operationBefore)) $("operation").value = operationBefore;
  showOperation();
  if (gateway !== before) showSettings(gateways[gateway]);
}

/** New fields: nothing of one gateway is tried on another, least of all a secret. */
function showSettings({ plain, secret }) {
  $("settings").replaceChildren();
  for (const id of ["more_settings", "other_secret", "signature", "more_input"]) $(id).value = "";
  for (const name of [...plain, ...secret]) {
    const label = add("label", "", $("settings"));
    add("span", name, label);
    const input = add("input", "", label);
    input.id = name;
    input.type = secret.includes(name) ? "password" : "text";
    input.autocomplete = secret.includes(name) ? "new-password" : "off";
  }
}

function showOperation() {
  $("about").textContent = chosen().doc;
}

function showLanguage() {
  document.documentElement.lang = state.vietnamese ? "vi" : "en";
  for (const element of document.querySelectorAll("[data-vi]")) {
    element.dataset.en ??= element.textContent;
    element.textContent = state.vietnamese ? element.dataset.vi : element.dataset.en;
  }
  $("language").textContent = state.vietnamese ? "English" : "Tiếng Việt";
  $("language").lang = state.vietnamese ? "en" : "vi";
  showTask();
}

function forget() {
  for (const field of document.querySelectorAll("input, textarea")) field.value = "";
  $("result").replaceChildren();
}

function check(event) {
  event.preventDefault();
  $("result").replaceChildren();
  let client;
  try {
    if (state.task === "vietqr") return drawn();
    client = new gateways[$("gateway").value].Client(config());
    tasks[state.task].run(client);
  } catch (error) {
    if (error instanceof kyso.KysoError) refuse(error);
    else if (error instanceof NotJson) verdict("bad", say(texts.json));
    else {
      verdict("bad", say(texts.defect));
      throw error;
    }
  } finally {
    client?.free();
    $("result").scrollIntoView({ block: "nearest" });
  }
}

const banks = kyso.VietQR.bank.list({}).banks.map(({ bin, short_name }) => [bin, `${short_name} (${bin})`]);
options($("bin"), [[undefined, banks.sort(([, one], [, other]) => one.localeCompare(other))]]);
for (const form of [$("message"), $("vietqr")]) form.addEventListener("submit", check);
$("tasks").addEventListener("click", ({ target }) => {
  if (target.dataset.task === undefined) return;
  state.task = target.dataset.task;
  showTask();
});
$("gateway").addEventListener("change", () => showGateway());
$("operation").addEventListener("change", showOperation);
$("language").addEventListener("click", () => {
  state.vietnamese = !state.vietnamese;
  showLanguage();
});
$("forget").addEventListener("click", forget);
// A page that is gone back to must not hold secrets.
addEventListener("pagehide", forget);
showLanguage();
