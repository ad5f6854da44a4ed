<?php
// Canary secrets through every call of the vectors: neither exceptions nor results nor dumps show them.
// Usage: php leaks.php FOLDER
declare(strict_types=1);

ini_set('zend.exception_ignore_args', '0');
ini_set('zend.exception_string_param_max_len', '100000');

const SECRETS = ['canary-SECURE-PASS-7Qx!', 'canary-PASSCODE-8Wz+1/2', 'canary-CLIENT-SECRET-9Yv', 'canary-API-SECRET-KEY-0Tu',
    'canary-PREVIOUS-1Sr&x=y', '5eca9a51c0ffee00112233445566778899aabbccddeeff0123456789abcdef01'];
// OAuth's client credentials stand in the body by protocol.
const SENDS_ITS_SECRET = ['hpay.open_api.token', 'appotapay.wallet.access_token', 'appotapay.wallet.refresh_token'];

/** A piece from the middle of each secret, in the encodings in which it could be hidden. */
function needles(): array
{
    $all = [];
    foreach (SECRETS as $secret) {
        array_push($all, substr($secret, 7, 12), bin2hex($secret), rawurlencode($secret));
        for ($shift = 0; $shift < 3; $shift++) {
            $all[] = substr(base64_encode(str_repeat('x', $shift) . $secret), 4, -4);
        }
    }
    return $all;
}

function leak(string $text): ?string
{
    static $needles = null;
    $needles ??= needles();
    foreach ($needles as $needle) {
        if (str_contains($text, $needle)) {
            return $needle;
        }
    }
    return null;
}

/** Everything that PHP shows of a value. */
function shown(mixed $value): string
{
    ob_start();
    var_dump($value);
    print_r($value);
    debug_zval_dump($value);
    if ($value instanceof Throwable) {
        echo $value, $value->getTraceAsString();
        foreach ($value->getTrace() as $frame) {
            // The host's own frames hold the host's own arguments.
            if (str_starts_with($frame['class'] ?? '', 'Kyso\\')) {
                var_dump($frame['args'] ?? []);
            }
        }
        print_r($value->toArray());
    } elseif (is_object($value)) {
        var_export($value);
        print_r((array) $value);
        print_r(get_object_vars($value));
        echo json_encode($value);
        try {
            echo serialize($value);
        } catch (Exception $refused) {
            echo $refused->getMessage();
        }
    } else {
        echo json_encode($value), serialize($value);
    }
    return (string) ob_get_clean();
}

[$pass, $passcode, $clientSecret, $secretKey, $previous, $key] = SECRETS;
$clients = [
    'tconnect' => new Kyso\TConnect(['partner_code' => 'P1', 'key' => $key, 'environment' => 'sandbox']),
    'hpay' => new Kyso\HPay(['merchant_site_code' => '65001', 'environment' => 'sandbox', 'secure_pass' => $pass,
        'passcode' => $passcode, 'client_id' => 'id', 'client_secret' => $clientSecret, 'previous_secrets' => [$previous]]),
    'appotapay' => new Kyso\AppotaPay(['partner_code' => 'P1', 'api_key' => 'public-part', 'secret_key' => $secretKey,
        'environment' => 'sandbox', 'previous_secrets' => [$previous]]),
    'vietqr' => new Kyso\VietQR(),
];
$camel = fn (string $name): string => preg_replace_callback('/_([a-z])/', fn ($found) => strtoupper($found[1]), $name);
$errors = $results = 0;
$check = function (string $text, string $what): void {
    $found = leak($text);
    $found === null || throw new Exception("$what shows $found");
};
foreach ($clients as $name => $client) {
    $check(shown($client), $name);
}
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1])) as $file) {
    if ($file->getExtension() !== 'json') {
        continue;
    }
    foreach (json_decode(file_get_contents((string) $file), true)['cases'] as $case) {
        $operation = $case['operation'];
        // include_bytes gives the passcode, on request.
        if (isset($case['input']['include_bytes'])) {
            continue;
        }
        [$gateway, $service, $method] = explode('.', $operation);
        try {
            $result = $clients[$gateway]->{$camel($service)}->{$camel($method)}($case['input']);
            if (in_array($operation, SENDS_ITS_SECRET, true)) {
                continue;
            }
            $results++;
        } catch (Kyso\KysoException $result) {
            $errors++;
        }
        $check(shown($result), $operation);
    }
}
foreach (SECRETS as $secret) {
    foreach ([shown(['secret' => $secret]), bin2hex($secret), base64_encode("y$secret")] as $text) {
        leak($text) !== null || throw new Exception('control: a planted leak was not found');
    }
}
echo "php: $errors exceptions and $results results searched, no secret; control: a planted one is found\n";
exit($errors > 2000 && $results > 500 ? 0 : 1);
