--TEST--
A request that ends at the memory limit frees what it held
--EXTENSIONS--
kyso
--INI--
memory_limit=3M
--FILE--
<?php
require __DIR__ . '/client.inc';
$tconnect = tconnect();
$kept = [];
$text = str_repeat('x', 900000);
while (true) {
    $kept[] = $tconnect->envelope->seal(['plaintext' => $text]);
    $kept[] = tconnect();
}
?>
--EXPECTREGEX--
Fatal error: (Allowed memory size of 3145728 bytes exhausted|Out of memory while reading a result of libkyso).*
