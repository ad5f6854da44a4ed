--TEST--
A login is sealed and opened again
--EXTENSIONS--
kyso
--FILE--
<?php
require __DIR__ . '/client.inc';
$tconnect = tconnect();
$request = $tconnect->auth->login(LOGIN);
echo $request['method'], ' ', $request['url'], ' ', $request['headers']['Partner-Code'], "\n";
echo $tconnect->envelope->open(json_decode($request['body'], true))['plaintext'], "\n";
$text = "Tiếng Việt, \u{1F600}, \"quoted\"";
echo $tconnect->envelope->open($tconnect->envelope->seal(['plaintext' => $text]))['plaintext'] === $text ? "same\n" : "other\n";
// The services live on without their client.
$auth = tconnect()->auth;
gc_collect_cycles();
echo $auth->login(LOGIN)['method'], "\n";
// An input without fields may be left out; VietQR needs no configuration.
echo (new Kyso\HPay(['merchant_site_code' => '1', 'secure_pass' => 'test-pass-Aa1', 'environment' => 'sandbox']))
    ->checkout->acknowledge()['status'], "\n";
echo (new Kyso\VietQR)->text->stripDiacritics(['text' => 'Đường'])['text'], "\n";
?>
--EXPECT--
POST https://sme-open-api-sandbox.tconnect.vn/openapi/v1/auth/login 1111111
{"username":"demo@yourdomain.vn","password":"p","client_id":"i","client_secret":"s"}
same
POST
200
Duong
