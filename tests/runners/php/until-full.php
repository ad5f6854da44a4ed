<?php
// Keeps what small calls give, errors included, until the memory limit ends it. Usage: until-full.php [CALLS]
require __DIR__ . '/client.inc';
$client = tconnect();
$kept = [];
$most = (int) ($argv[1] ?? PHP_INT_MAX);
for ($i = 0; $i < $most; $i++) {
    try {
        $result = match ($i % 5) {
            0 => $client->auth->login(LOGIN),
            1 => $client->envelope->open($client->envelope->seal(['plaintext' => 'x'])),
            2 => tconnect(),
            3 => $client->auth->login(['username' => 1.5]),
            4 => $client->ipn->readCallback(['body' => '{"data":"' . str_repeat('0', 96) . '"}']),
        };
    } catch (Kyso\KysoException $error) {
        $result = $error;
    }
    if ($most === PHP_INT_MAX) {
        $kept[] = $result;
    }
}
