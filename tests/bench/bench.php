<?php
// PHP: whole operations of the extension beside the same jobs by hand. Prints one JSON text.
// Usage: php bench.php INPUTS ROUNDS [WORKLOAD,...]
//        php bench.php INPUTS memory    growth of the process over a million calls
declare(strict_types=1);

use Kyso\AppotaPay;
use Kyso\HPay;
use Kyso\TConnect;

// Long enough for the clock and short enough to interleave: microseconds of CPU time.
const BATCH = 4000;
const WARM_UP = 20000;
const PEER = 'openssl, hash';
const FLAGS = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR;

$i = json_decode(file_get_contents($argv[1]), true, 512, JSON_THROW_ON_ERROR);
$rounds = (int) $argv[2];

$tconnect = new TConnect($i['tconnect']);
$appotapay = new AppotaPay($i['appotapay']);
$hpay = new HPay($i['hpay']);

// What a careful merchant keeps between calls.
$key = hex2bin($i['tconnect']['key']);
$secret = $i['appotapay']['secret_key'];
['merchant_site_code' => $merchant, 'receiver' => $receiver] = $i['hpay'];
['secure_pass' => $securePass, 'passcode' => $passcode] = $i['hpay'];
$signKey = openssl_pkey_get_private($i['hpay']['private_key']);
$verifyKey = openssl_pkey_get_public($i['hpay']['hpay_certificate']);

$seal = function (string $text) use ($key): string {
    $iv = random_bytes(16);
    return bin2hex($iv . openssl_encrypt($text, 'aes-256-cbc', $key, OPENSSL_RAW_DATA, $iv));
};
$open = function (string $data) use ($key): string {
    $message = hex2bin($data);
    $text = openssl_decrypt(substr($message, 16), 'aes-256-cbc', $key, OPENSSL_RAW_DATA, substr($message, 0, 16));
    return $text === false ? throw new RuntimeException('decrypt') : $text;
};

$login = function () use ($i, $seal): array {
    $record = $i['login'];
    $payload = json_encode([
        'username' => $record['username'],
        'password' => $record['password'],
        'client_id' => $record['client_id'],
        'client_secret' => $record['client_secret'],
    ], FLAGS);
    return [
        'method' => 'POST',
        'url' => 'https://sme-open-api-sandbox.tconnect.vn/openapi/v1/auth/login',
        'headers' => ['Content-Type' => 'application/json', 'Partner-Code' => $i['tconnect']['partner_code']],
        'body' => json_encode(['data' => $seal($payload)], FLAGS),
    ];
};

$readIpn = function () use ($i, $open): array {
    $body = json_decode($i['ipn'], true, 512, JSON_THROW_ON_ERROR);
    $ipn = json_decode($open($body['data']), true, 512, JSON_THROW_ON_ERROR);
    if (!is_string($ipn['request_id']) || !is_string($ipn['retrieval_ref_no'])) throw new RuntimeException('members');
    $amount = (int) $ipn['amount'];
    if ($amount != $ipn['amount'] || $amount <= 0) throw new RuntimeException('amount');
    $ipn['amount'] = $amount;
    return $ipn;
};

function base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

$token = function () use ($i, $secret): string {
    ['partner_code' => $partner, 'api_key' => $apiKey] = $i['appotapay'];
    $now = $i['issued_at'];
    $header = json_encode(['typ' => 'JWT', 'alg' => 'HS256', 'cty' => 'appotapay-api;v=1'], FLAGS);
    $claims = json_encode(
        ['iss' => $partner, 'jti' => "$apiKey-$now", 'api_key' => $apiKey, 'exp' => $now + 300],
        FLAGS,
    );
    $text = base64url($header) . '.' . base64url($claims);
    return $text . '.' . base64url(hash_hmac('sha256', $text, $secret, true));
};
$keptToken = $token();
$kept = fn (): string => $keptToken;

$transfer = fn (callable $token) => function () use ($i, $secret, $token): array {
    $fields = $i['transfer'];
    $sorted = $fields;
    ksort($sorted, SORT_STRING);
    $pairs = [];
    foreach ($sorted as $name => $value) $pairs[] = "$name=$value";
    $signature = hash_hmac('sha256', implode('&', $pairs), $secret);
    $fields['signature'] = $signature;
    return [
        'method' => 'POST',
        'url' => 'https://gateway.dev.appotapay.com/api/v1/service/transfer/make',
        'headers' => ['Content-Type' => 'application/json', 'X-APPOTAPAY-AUTH' => 'Bearer ' . $token()],
        'body' => json_encode($fields, FLAGS),
        'signature' => $signature,
    ];
};

$readCallback = function () use ($i, $secret): array {
    $message = json_decode($i['callback'], true, 512, JSON_THROW_ON_ERROR);
    $row = $message['transaction'];
    $text = "amount={$row['amount']}&appotapayTransId={$row['appotapayTransId']}&errorCode={$message['errorCode']}"
        . "&partnerRefId={$row['partnerRefId']}&time={$row['time']}&transferAmount={$row['transferAmount']}"
        . "&transferStatus={$row['transferStatus']}";
    if (!hash_equals(hash_hmac('sha256', $text, $secret), $message['signature'])) throw new RuntimeException('signature');
    return $message;
};

$link = function () use ($i, $merchant, $receiver, $securePass): array {
    $record = $i['link'];
    $secureCode = md5("$merchant|$receiver|{$record['price']}|vnd|{$record['order_code']}|$securePass");
    $query = http_build_query([
        'merchant_site_code' => $merchant,
        'return_url' => $record['return_url'],
        'receiver' => $receiver,
        'transaction_info' => $record['transaction_info'],
        'order_code' => $record['order_code'],
        'price' => $record['price'],
        'currency' => 'vnd',
        'buyer_info' => $record['buyer_info'],
        'lang' => $record['lang'],
        'secure_code' => $secureCode,
        'cancel_url' => $record['cancel_url'],
        'notify_url' => $record['notify_url'],
        'installment' => 0,
    ]);
    $url = "https://checkout-sandbox.hpay.com.vn/v1/checkout.php?$query";
    return ['method' => 'GET', 'url' => $url, 'headers' => [], 'signature' => $secureCode];
};

$legacyLink = function () use ($i, $merchant, $receiver, $securePass): array {
    $record = $i['legacy_link'];
    $fields = [
        'merchant_site_code' => $merchant,
        'return_url' => $record['return_url'],
        'receiver' => $receiver,
        'transaction_info' => $record['transaction_info'],
        'order_code' => $record['order_code'],
        'price' => $record['price'],
        'currency' => $record['currency'],
        'quantity' => $record['quantity'],
        'tax' => $record['tax'],
        'discount' => $record['discount'],
        'fee_cal' => $record['fee_cal'],
        'fee_shipping' => $record['fee_shipping'],
        'order_description' => $record['order_description'],
        'buyer_info' => $record['buyer_info'],
        'affiliate_code' => $record['affiliate_code'],
        'installment' => $record['installment'],
        'inpage' => $record['inpage'],
        'payment_method_id' => $record['payment_method_id'],
    ];
    $secureCode = md5(implode(' ', $fields) . ' ' . $securePass);
    $fields += ['secure_code' => $secureCode, 'token' => '', 'token_type' => ''];
    $url = 'https://checkout-sandbox.hpay.com.vn/checkout.php?' . http_build_query($fields);
    return ['method' => 'GET', 'url' => $url, 'headers' => [], 'signature' => $secureCode];
};

$readReturn = function () use ($i, $merchant, $securePass): array {
    parse_str($i['return_query'], $fields);
    $text = " {$fields['transaction_info']} {$fields['order_code']} {$fields['price']} {$fields['payment_id']}"
        . " {$fields['payment_type']} {$fields['error_text']} $merchant $securePass";
    if (!hash_equals(md5($text), $fields['secure_code'])) throw new RuntimeException('signature');
    $expected = $i['expected'];
    if ($fields['order_code'] !== $expected['order_code'] || (int) $fields['price'] !== $expected['price']) {
        throw new RuntimeException('differs');
    }
    return $fields;
};

$ibft = function () use ($i, $merchant, $receiver, $passcode, $signKey): array {
    $record = $i['ibft'];
    $amount = (string) $record['amount'];
    $text = "{$record['requestId']}|$merchant|$amount|{$record['bankAccountName']}|$passcode";
    openssl_sign($text, $bytes, $signKey, OPENSSL_ALGO_SHA256);
    $signature = base64_encode($bytes);
    return [
        'method' => 'POST',
        'url' => 'https://account-sandbox.hpay.com.vn/api/ibft/create',
        'headers' => ['Content-Type' => 'application/json'],
        'body' => json_encode([
            'requestId' => $record['requestId'],
            'merchantId' => $merchant,
            'merchantEmail' => $receiver,
            'bankName' => $record['bankName'],
            'bankAccountNumber' => $record['bankAccountNumber'],
            'bankAccountName' => $record['bankAccountName'],
            'amount' => $amount,
            'note' => $record['note'],
            'secureChain' => $signature,
        ], FLAGS),
        'signature' => $signature,
    ];
};

$readIbft = function () use ($i, $passcode, $verifyKey): array {
    $answer = json_decode($i['ibft_answer'], true, 512, JSON_THROW_ON_ERROR);
    if ($answer['error_code'] !== '000') throw new RuntimeException('refused');
    $data = $answer['data'];
    $text = "{$data['requestId']}|{$data['bankAccountNumber']}|{$data['omiCashoutId']}|$passcode";
    $signature = base64_decode($data['secureChain'], true);
    if (openssl_verify($text, $signature, $verifyKey, OPENSSL_ALGO_SHA256) !== 1) throw new RuntimeException('signature');
    return $answer;
};

// The same jobs by kyso: records as a merchant writes them, from values that he has.

$transferRecord = fn (array $r): array => [
    'bankCode' => $r['bankCode'],
    'accountNo' => $r['accountNo'],
    'accountType' => $r['accountType'],
    'accountName' => $r['accountName'],
    'amount' => $r['amount'],
    'feeType' => $r['feeType'],
    'partnerRefId' => $r['partnerRefId'],
    'message' => $r['message'],
    'customerPhoneNumber' => $r['customerPhoneNumber'],
    'contractNumber' => $r['contractNumber'],
    'channel' => $r['channel'],
    'bankId' => $r['bankId'],
];
$kysoLogin = function () use ($i, $tconnect): array {
    $record = $i['login'];
    return $tconnect->auth->login([
        'username' => $record['username'],
        'password' => $record['password'],
        'client_id' => $record['client_id'],
        'client_secret' => $record['client_secret'],
    ]);
};
$kysoTransfer = fn (): array =>
    $appotapay->firmBanking->transfer($transferRecord($i['transfer']) + ['token' => $keptToken]);
$kysoTransferToken = fn (): array =>
    $appotapay->firmBanking->transfer($transferRecord($i['transfer']) + ['issued_at' => $i['issued_at']]);
$kysoLink = function () use ($i, $hpay): array {
    $record = $i['link'];
    return $hpay->checkout->createLink([
        'return_url' => $record['return_url'],
        'transaction_info' => $record['transaction_info'],
        'order_code' => $record['order_code'],
        'price' => $record['price'],
        'buyer_info' => $record['buyer_info'],
        'lang' => $record['lang'],
        'cancel_url' => $record['cancel_url'],
        'notify_url' => $record['notify_url'],
    ]);
};
$kysoLegacyLink = function () use ($i, $hpay): array {
    $record = $i['legacy_link'];
    return $hpay->checkout->createLegacyLink([
        'return_url' => $record['return_url'],
        'transaction_info' => $record['transaction_info'],
        'order_code' => $record['order_code'],
        'price' => $record['price'],
        'currency' => $record['currency'],
        'quantity' => $record['quantity'],
        'tax' => $record['tax'],
        'discount' => $record['discount'],
        'fee_cal' => $record['fee_cal'],
        'fee_shipping' => $record['fee_shipping'],
        'order_description' => $record['order_description'],
        'buyer_info' => $record['buyer_info'],
        'affiliate_code' => $record['affiliate_code'],
        'installment' => $record['installment'],
        'inpage' => $record['inpage'],
        'payment_method_id' => $record['payment_method_id'],
    ]);
};
$kysoIbft = function () use ($i, $hpay): array {
    $record = $i['ibft'];
    return $hpay->firmBanking->transfer([
        'requestId' => $record['requestId'],
        'bankName' => $record['bankName'],
        'bankAccountNumber' => $record['bankAccountNumber'],
        'bankAccountName' => $record['bankAccountName'],
        'amount' => $record['amount'],
        'note' => $record['note'],
    ]);
};

// What of a result must be equal for all.

$members = fn (string ...$names) => fn (array $record): array =>
    array_map(fn (string $name): string => (string) $record[$name], $names);
$parsedBody = function (array $request): array {
    $request['body'] = json_decode($request['body'], true, 512, JSON_THROW_ON_ERROR);
    return $request;
};
$opened = function (array $request) use ($parsedBody, $open): array {
    $request = $parsedBody($request);
    $request['body'] = json_decode($open($request['body']['data']), true, 512, JSON_THROW_ON_ERROR);
    return $request;
};

function large(array $i, TConnect $tconnect, callable $seal, callable $open, int $size): array
{
    $text = substr(str_repeat($i['line'], intdiv($size, strlen($i['line'])) + 1), 0, $size);
    $data = $seal($text);
    return [
        [
            ['kyso' => fn (): string => $tconnect->envelope->seal(['plaintext' => $text])['data'], PEER => fn () => $seal($text)],
            fn (string $sealed): bool => $open($sealed) === $text,
        ],
        [
            ['kyso' => fn (): string => $tconnect->envelope->open(['data' => $data])['plaintext'], PEER => fn () => $open($data)],
            fn (string $opened): bool => $opened === $text,
        ],
    ];
}

[$seal64k, $open64k] = large($i, $tconnect, $seal, $open, 64 * 1024);
[$seal1m, $open1m] = large($i, $tconnect, $seal, $open, 1024 * 1024);

$workloads = [
    'login' => [['kyso' => $kysoLogin, PEER => $login], $opened],
    'ipn' => [
        ['kyso' => fn (): array => $tconnect->ipn->readCallback(['body' => $i['ipn']]), PEER => $readIpn],
        $members('order_id', 'amount', 'payment_type', 'retrieval_ref_no', 'request_id', 'narrative', 'acc_no'),
    ],
    'seal_64k' => $seal64k,
    'open_64k' => $open64k,
    'seal_1m' => $seal1m,
    'open_1m' => $open1m,
    'transfer' => [['kyso' => $kysoTransfer, PEER => $transfer($kept)], $parsedBody],
    'transfer_token' => [['kyso' => $kysoTransferToken, PEER => $transfer($token)], $parsedBody],
    'callback' => [
        [
            'kyso' => fn (): array => $appotapay->firmBanking->readCallback(['body' => $i['callback']]),
            PEER => $readCallback,
        ],
        fn (array $record): array => $members(
            'amount', 'transferAmount', 'transferStatus', 'appotapayTransId', 'partnerRefId', 'time',
        )($record['transaction']),
    ],
    'token' => [
        [
            'kyso' => fn (): array => $appotapay->auth->token(['issued_at' => $i['issued_at']]),
            PEER => fn (): array => ['headers' => ['X-APPOTAPAY-AUTH' => 'Bearer ' . $token()]],
        ],
        fn (array $record): array => $record['headers'],
    ],
    'link' => [['kyso' => $kysoLink, PEER => $link], fn (array $request): array => $request],
    'legacy_link' => [['kyso' => $kysoLegacyLink, PEER => $legacyLink], fn (array $request): array => $request],
    'return' => [
        [
            'kyso' => fn (): array => $hpay->checkout->readCallback(
                ['query' => $i['return_query'], 'link' => 'legacy', 'expected' => $i['expected']],
            ),
            PEER => $readReturn,
        ],
        $members('transaction_info', 'order_code', 'price', 'payment_id', 'payment_type', 'error_text'),
    ],
    'rsa_sign' => [['kyso' => $kysoIbft, PEER => $ibft], $parsedBody],
    'rsa_verify' => [
        ['kyso' => fn (): array => $hpay->firmBanking->readTransfer(['body' => $i['ibft_answer']]), PEER => $readIbft],
        fn (array $record): array => $members('requestId', 'bankAccountNumber', 'omiCashoutId')($record['data']),
    ],
];

/** Microseconds of CPU time of this process. */
function cpu(): int
{
    $use = getrusage();
    return ($use['ru_utime.tv_sec'] + $use['ru_stime.tv_sec']) * 1000000 + $use['ru_utime.tv_usec'] + $use['ru_stime.tv_usec'];
}

function spent(callable $call, int $calls): int
{
    $start = cpu();
    for ($done = 0; $done < $calls; $done++) $call();
    return cpu() - $start;
}

/** How many calls make a batch. */
function calibrate(callable $call): int
{
    $calls = 1;
    $last = 0;
    for ($total = 0; $total < WARM_UP; $total += max($last, 1)) {
        $last = spent($call, $calls);
        if ($last < BATCH / 2) $calls *= 2;
    }
    return max(1, (int) ($calls * BATCH / max($last, 1)));
}

function check(string $name, array $contenders, callable $same): void
{
    $wanted = $same($contenders['kyso']());
    foreach ($contenders as $contender => $call) {
        $result = $same($call());
        // Members may come in any order, but types count.
        if ($result === false || sorted($result) !== sorted($wanted)) {
            throw new RuntimeException("$name: $contender gives another result:\n" . json_encode([$result, $wanted], FLAGS));
        }
    }
}

function sorted(mixed $value): mixed
{
    if (!is_array($value)) return $value;
    if (!array_is_list($value)) ksort($value);
    return array_map('sorted', $value);
}

function measure(string $name, array $workload, int $rounds): array
{
    [$contenders, $same] = $workload;
    check($name, $contenders, $same);
    $calls = array_map('calibrate', $contenders);
    $names = array_keys($contenders);
    $samples = array_fill_keys($names, []);
    for ($round = 0; $round < $rounds; $round++) {
        foreach ($names as $turn => $_) {
            $contender = $names[($turn + $round) % count($names)];
            $samples[$contender][] = spent($contenders[$contender], $calls[$contender]) * 1000 / $calls[$contender];
        }
    }
    return $samples;
}

const SMALL = ['login', 'ipn', 'transfer', 'callback', 'token', 'link', 'legacy_link', 'return'];

function resident(): int
{
    return (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4096;
}

/** Bytes by which the process grows over a million calls of kyso, after as many calls as warm it up. */
function growth(array $workloads): int
{
    $calls = array_map(fn (string $name): callable => $workloads[$name][0]['kyso'], SMALL);
    $repeat = function (int $times) use ($calls): int {
        for ($done = 0; $done < $times; $done += count($calls)) {
            foreach ($calls as $call) $call();
        }
        return resident();
    };
    $before = $repeat(100_000);
    return $repeat(1_000_000) - $before;
}

if ($argv[2] === 'memory') {
    echo json_encode(['host' => 'php', 'growth' => growth($workloads)]), "\n";
    exit;
}

$only = ($argv[3] ?? '') === '' ? array_keys($workloads) : explode(',', $argv[3]);
$measured = [];
foreach ($only as $name) $measured[$name] = measure($name, $workloads[$name], $rounds);
$versions = ['php' => PHP_VERSION, 'openssl' => OPENSSL_VERSION_TEXT, 'kyso' => phpversion('kyso')];
echo json_encode(['host' => 'php', 'versions' => $versions, 'workloads' => $measured], FLAGS), "\n";
