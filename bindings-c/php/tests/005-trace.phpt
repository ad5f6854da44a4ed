--TEST--
Traces and dumps show no argument and no secret
--EXTENSIONS--
kyso
--INI--
zend.exception_ignore_args=0
zend.exception_string_param_max_len=1000
--FILE--
<?php
require __DIR__ . '/client.inc';
$canary = 'canary-b81e7c-secret';
$seen = '';
foreach ([
    fn () => new Kyso\TConnect(['key' => $canary] + CONFIG),
    fn () => new Kyso\TConnect(['key' => $canary, 'nested' => [$canary]] + CONFIG),
    fn () => tconnect()->auth->login(['password' => $canary] + LOGIN + ['unknown' => $canary]),
    fn () => tconnect()->auth->login($canary),
] as $call) {
    try {
        $call();
    } catch (Throwable $error) {
        ob_start();
        var_dump($error->getTrace()[0]['args'] ?? null);
        echo $error->getTraceAsString(), $error->getMessage(), get_class($error);
        $seen .= ob_get_clean();
    }
}
ob_start();
$client = tconnect();
var_dump($client, (array) $client);
print_r($client);
var_export($client->auth);
$seen .= ob_get_clean();
echo str_contains($seen, 'SensitiveParameterValue') ? "hidden\n" : "not hidden\n";
echo str_contains($seen, $canary) || str_contains($seen, CONFIG['key']) ? "shown\n" : "not shown\n";
?>
--EXPECT--
hidden
not shown
