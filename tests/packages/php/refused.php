<?php
// What is refused, and how: one line each. scripts/check-php runs it with the extension and by FFI, and compares.
// Usage: php refused.php [FILE]   FILE defines the classes where the extension is not loaded.
declare(strict_types=1);

use Kyso\KysoException;

if (isset($argv[1])) {
    require $argv[1];
}
const CONFIG = [
    'partner_code' => '1111111',
    'key' => '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    'environment' => 'sandbox',
];
const INPUT = ['access_token' => 't', 'accountNumber' => '99MPI', 'orderId' => 'O1', 'amount' => 10000];

function show(callable $call): void
{
    try {
        $call();
        echo "accepted\n";
    } catch (KysoException $error) {
        echo $error->getCode(), ' ', $error->getMessage(), ' ', json_encode($error->toArray(), JSON_THROW_ON_ERROR), "\n";
    }
}

$deep = 1;
for ($i = 0; $i < 100; $i++) {
    $deep = ['a' => $deep];
}
$qr = (new Kyso\TConnect(CONFIG))->qr;
foreach ([
    ...array_map(
        fn ($amount) => ['amount' => $amount],
        [200000, '200000', 1.0, NAN, null, true, -1, '', '1.0', [], [1.5], STDIN, fn () => 1, new ArrayObject(), "1\0"],
    ),
    ['orderId' => "\xff"],
    ["\xff" => 'x'],
    ['no_such_field' => 'x'],
    [5 => 'x'],
    ['extra' => ['a' => ['b' => [1, 2.5]]]],
    ['extra' => ['a' => ['b' => [1, "\xff"]]]],
    ['extra' => ['a' => null]],
    ['extra' => 'text'],
    ['extra' => [1, 2]],
    ['extra' => $deep],
] as $members) {
    show(fn () => $qr->create($members + INPUT));
}
foreach ([['key' => 1.5], ['key' => "\xff"], ['key' => 5], ['partner_code' => null], ["\xff" => 'x']] as $members) {
    show(fn () => new Kyso\TConnect($members + CONFIG));
}
$hpay = new Kyso\HPay(['merchant_site_code' => '65001', 'secure_pass' => 'test-pass-Aa1', 'environment' => 'sandbox']);
foreach ([200000, 200000.0, "\xff", 1, null] as $price) {
    show(fn () => $hpay->checkout->readCallback([
        'query' => 'transaction_info=tichhopthanhtoan&order_code=OM_1768202539&price=200000&payment_id=96138500'
            . '&payment_type=1&error_text=&secure_code=f394854b9254765f88b3c62d9c37c35f',
        'expected' => ['price' => $price],
    ]));
}
show(fn () => $hpay->checkout->readCallback(['query' => "a=\xff"]));
