<?php
// Reads each envelope of a file as a notification and prints what was seen, with its count: php oracle.php FILE
declare(strict_types=1);

const KEY = '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4';

$client = new Kyso\TConnect(['partner_code' => '1', 'key' => KEY, 'environment' => 'sandbox']);
$seen = [];
foreach (new SplFileObject($argv[1]) as $line) {
    $data = trim($line);
    if ($data === '') {
        continue;
    }
    try {
        $client->ipn->readCallback(['body' => json_encode(['data' => $data])]);
        $found = "accepted\t";
    } catch (Kyso\KysoException $error) {
        $cause = $error->getPrevious() === null ? '' : ' with a cause';
        $found = get_class($error) . "$cause\t" . json_encode($error->toArray(), JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
    }
    $seen[$found] = ($seen[$found] ?? 0) + 1;
}
foreach ($seen as $found => $count) {
    echo "$count\t$found\n";
}
