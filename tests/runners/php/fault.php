<?php
// A panic planted in libkyso (built with --cfg kyso_fault): every operation throws a KysoException, and the same client
// works afterwards. Usage: php fault.php FOLDER
declare(strict_types=1);

$camel = fn (string $name): string => preg_replace_callback('/_([a-z])/', fn ($found) => strtoupper($found[1]), $name);
$classes = [];
foreach (get_declared_classes() as $class) {
    if (preg_match("/^Kyso\\\\(\w+)$/", $class, $found)) {
        $classes[strtolower($found[1])] = $class;
    }
}
$seen = [];
$faults = 0;
$internal = function (callable $call, string $operation) use (&$faults): void {
    try {
        $call();
    } catch (Kyso\KysoException $error) {
        $faults += $error->error === 'internal' ? 1 : throw $error;
        return;
    }
    throw new Exception("$operation: the planted panic was not seen");
};
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1])) as $file) {
    if ($file->getExtension() !== 'json') {
        continue;
    }
    foreach (json_decode(file_get_contents((string) $file), true)['cases'] as $case) {
        $operation = $case['operation'];
        // What JSON's empty objects and lists are is lost here; one of the others will do.
        if (!isset($case['output']) || isset($seen[$operation]) || str_contains(json_encode($case['input']), '[]')) {
            continue;
        }
        $seen[$operation] = true;
        [$gateway, $service, $method] = explode('.', $operation);
        [$service, $method] = [$camel($service), $camel($method)];
        $arguments = isset($case['config']) ? [$case['config']] : [];
        $client = new $classes[$gateway](...$arguments);
        putenv('KYSO_FAULT=1');
        $internal(fn () => $client->$service->$method($case['input']), $operation);
        if ($arguments !== []) {
            $internal(fn () => new $classes[$gateway](...$arguments), $operation);
        }
        putenv('KYSO_FAULT');
        $client->$service->$method($case['input']);
    }
}
echo "php: $faults panics, each a KysoException; the clients work on\n";
exit($faults > 300 ? 0 : 1);
