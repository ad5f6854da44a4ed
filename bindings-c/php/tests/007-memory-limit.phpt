--TEST--
A request that ends at the memory limit frees what it held
--EXTENSIONS--
kyso
--INI--
memory_limit=4M
--FILE--
<?php
require __DIR__ . '/client.inc';
$tconnect = tconnect();
$kept = [];
$text = str_repeat('x', 100000);
while (true) {
    $kept[] = $tconnect->envelope->seal(['plaintext' => $text]);
    $kept[] = tconnect();
}
?>
--EXPECTF--
Fatal error: Allowed memory size of 4194304 bytes exhausted%s
