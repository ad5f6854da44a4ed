<?php
// The main job of all three gateways on their published examples. Prints one line per step: step, tab, result.
declare(strict_types=1);

use Kyso\AppotaPay;
use Kyso\HPay;
use Kyso\KysoException;
use Kyso\TConnect;

function message(string $name): string
{
    return file_get_contents($GLOBALS['argv'][1] . '/' . $name);
}

function show(string $step, mixed $result): void
{
    echo "$step\t$result\n";
}

function refused(string $step, callable $call): void
{
    try {
        $call();
        show($step, 'ACCEPTED: this must not happen');
    } catch (KysoException $error) {
        show($step, rtrim("refused: {$error->toArray()['code']} " . ($error->toArray()['field'] ?? '')));
    }
}

$tconnect = new TConnect([
    'partner_code' => '1111111',
    'key' => '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    'environment' => 'sandbox',
]);
$login = $tconnect->auth->login([
    'username' => 'demo@yourdomain.vn',
    'password' => 'Password#123',
    'client_id' => 'fMLgZltRRtetnsOHXgxsHQ',
    'client_secret' => 'hUFhGJIqz746zcxsYVtrwhkveDuEfcYd',
]);
show('TConnect login goes to', $login['url']);
$opened = $tconnect->envelope->open(['data' => json_decode($login['body'], true)['data']]);
show('TConnect login opens to', $opened['plaintext']);
$ipn = $tconnect->ipn->readCallback(['body' => message('tconnect_ipn.json')]);
show('TConnect IPN', "order {$ipn['order_id']}, {$ipn['amount']} VND, {$ipn['proof']}");
refused('TConnect IPN, one bit changed', fn () => $tconnect->ipn->readCallback(['body' => message('tconnect_ipn_tampered.json')]));

$hpay = new HPay(['merchant_site_code' => '65001', 'secure_pass' => 'test-pass-Aa1', 'environment' => 'sandbox']);
$link = $hpay->checkout->createLink([
    'return_url' => 'https://shop.example.com/return',
    'receiver' => 'merchant@example.com',
    'order_code' => 'PAY_1700000000000',
    'price' => 20000,
]);
show('HPay V1 link, secure_code', $link['signature']);
$legacy = $hpay->checkout->createLegacyLink([
    'return_url' => 'https://Shop.Example.com/Return/Path',
    'receiver' => 'merchant@example.com',
    'transaction_info' => 'tichhopthanhtoan',
    'order_code' => 'OM_1656422065',
    'price' => 20000,
    'lower_case_return_url' => true,
]);
show('HPay legacy link, secure_code', $legacy['signature']);
$paid = $hpay->checkout->readCallback([
    'query' => message('hpay_return_url.txt'),
    'link' => 'legacy',
    'expected' => ['order_code' => 'OM_1768202539', 'price' => 200000],
]);
show('HPay return_url', "order {$paid['order_code']}, {$paid['price']} VND, {$paid['proof']}, {$paid['outcome']}");
refused('HPay return_url, price changed', fn () => $hpay->checkout->readCallback(['query' => message('hpay_return_url_tampered.txt')]));

$appotapay = new AppotaPay([
    'partner_code' => 'APPOTAPAY',
    'api_key' => 'FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8',
    'secret_key' => 'XAonJgy14YhtePEITXhyBS2unjfJLAV3',
    'environment' => 'sandbox',
]);
$transfer = $appotapay->firmBanking->transfer([
    'bankCode' => 'TPBANK',
    'accountNo' => '132100132400000',
    'accountType' => 'account',
    'accountName' => 'NGUYEN VAN A',
    'amount' => 50000,
    'feeType' => 'payer',
    'partnerRefId' => 'Partner9999',
    'message' => 'ck tien',
    'customerPhoneNumber' => '0374720460',
    'contractNumber' => '1234567',
    'channel' => 'citad',
    'bankId' => '11223344',
]);
show('AppotaPay transfer, signature', $transfer['signature']);
$result = $appotapay->firmBanking->readCallback(['body' => message('appotapay_callback.json')]);
$row = $result['transaction'];
show('AppotaPay callback', "{$row['partnerRefId']}, {$row['amount']} VND, {$result['proof']}, {$result['outcome']}");
refused('AppotaPay callback, amount changed', fn () => $appotapay->firmBanking->readCallback(['body' => message('appotapay_callback_tampered.json')]));
$golden = [
    'only' => ['amount', 'appotapayTransId', 'errorCode', 'phoneNumber', 'time', 'topupAmount'],
    'signature' => 'c0bd34c43314165b1474c190c71fee22bca6bd0cf8273853bb9acb510d6063bf',
];
$verified = $appotapay->signature->verify(['body' => message('appotapay_topup_status.json')] + $golden);
show("AppotaPay's printed topup digest", "{$verified['fields']['topupAmount']} VND, {$verified['proof']}");
refused('The same, amount changed', fn () => $appotapay->signature->verify(['body' => message('appotapay_topup_status_tampered.json')] + $golden));
