// Agreement with npm vietnam-qr-pay: it accepts every string that kyso builds, and kyso every valid one that it builds,
// with the same bank, account, amount and purpose on both sides.
//
// Usage: agree.mjs KYSO FOLDER_WITH_NODE_MODULES
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [kyso, folder] = process.argv.slice(2);
const { QRPay, QRProvider } = createRequire(join(resolve(folder), 'x.js'))('vietnam-qr-pay');

let seed = 20261120;
const below = bound => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return Math.floor((seed / 0x80000000) * bound);
};
const text = (alphabet, length) => Array.from({ length }, () => alphabet[below(alphabet.length)]).join('');
const digits = '0123456789';
const letters = digits + 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const words = letters + ' -/.,:#';

const wishes = Array.from({ length: 3000 }, () => {
  const card = below(4) === 0;
  const wish = { bin: text(digits, 6), account: text(card ? digits : letters, 1 + below(19)) };
  if (card) wish.service = 'card';
  if (below(2)) wish.amount = String(1 + below(10 ** (1 + below(9))));
  // vietnam-qr-pay has no limit of 25; spaces at the ends are not its affair either.
  if (below(2)) wish.purpose = 'x' + text(words, below(24));
  if (below(3) === 0) wish.bill_number = 'B' + text(letters, below(20));
  return wish;
});

const work = mkdtempSync(join(tmpdir(), 'kyso-'));
function all(operation, records) {
  const [input, output, refused] = ['in', 'out', 'refused'].map(name => join(work, name));
  writeFileSync(input, records.map(record => JSON.stringify(record)).join('\n') + '\n');
  spawnSync(kyso, ['call', operation, '--jsonl', '--input', input, '--output', output, '--refused', refused]);
  const bad = readFileSync(refused, 'utf8').trim();
  if (bad) throw new Error(`${operation} refused: ${bad.split('\n')[0]}`);
  return readFileSync(output, 'utf8').trim().split('\n').map(line => JSON.parse(line));
}

function same(where, found, wish) {
  for (const name of ['bin', 'account', 'amount', 'purpose', 'bill_number']) {
    const [one, other] = [found[name] ?? '', wish[name] ?? ''].map(String);
    if (one !== other) throw new Error(`${where}: ${name} of ${JSON.stringify(wish)}: ${one}`);
  }
}

try {
  const built = all('vietqr.code.build', wishes);
  built.forEach(({ text }, index) => {
    const parsed = new QRPay(text);
    if (!parsed.isValid || parsed.provider.name !== QRProvider.VIETQR) throw new Error(`not accepted: ${text}`);
    const { consumer, additionalData } = parsed;
    same('kyso -> vietnam-qr-pay', {
      bin: consumer.bankBin, account: consumer.bankNumber, amount: parsed.amount,
      purpose: additionalData.purpose, bill_number: additionalData.billNumber,
    }, wishes[index]);
  });
  const theirs = wishes.map(wish => {
    const pay = QRPay.initVietQR({
      bankBin: wish.bin, bankNumber: wish.account, amount: wish.amount, purpose: wish.purpose,
      service: wish.service === 'card' ? 'QRIBFTTC' : 'QRIBFTTA',
    });
    if (wish.bill_number) pay.additionalData.billNumber = wish.bill_number;
    return pay.build();
  });
  theirs.forEach((text, index) => {
    if (text !== built[index].text) throw new Error(`other text: ${text} ${built[index].text}`);
  });
  all('vietqr.code.read', theirs.map(text => ({ text }))).forEach((found, index) =>
    same('vietnam-qr-pay -> kyso', found, wishes[index]));
  console.log(`vietnam-qr-pay: ${wishes.length} codes equal and read alike in both directions`);
} finally {
  rmSync(work, { recursive: true });
}
