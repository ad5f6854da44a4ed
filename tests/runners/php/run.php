<?php
// Runs vector files through the typed classes of the built extension. Usage: php run.php FOLDER [FILE]
// FILE defines the classes where the extension is not loaded.
declare(strict_types=1);

use Kyso\KysoException;

const NEVER_COMPARED = ['idempotency_key', 'message', 'message_vi'];
const JSON = JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR;

/** What a case got wrong. */
final class Difference extends Exception
{
}

/** Every expected member must be there and equal; further ones are free. Objects are stdClass here. */
function compare(string $at, mixed $found, mixed $expected): void
{
    if ($expected instanceof stdClass) {
        // An empty object comes back as an empty array.
        is_array($found) || throw new Difference("$at: not an object");
        foreach (get_object_vars($expected) as $name => $value) {
            if (in_array($name, NEVER_COMPARED, true)) {
                continue;
            }
            array_key_exists($name, $found) || throw new Difference("$at/$name: absent");
            compare("$at/$name", $found[$name], $value);
        }
        return;
    }
    if (is_array($expected)) {
        is_array($found) && array_is_list($found) || throw new Difference("$at: not a list");
        count($found) === count($expected) || throw new Difference("$at: another number of elements");
        foreach ($expected as $index => $value) {
            compare("$at/$index", $found[$index], $value);
        }
        return;
    }
    $numbers = (is_int($found) || is_float($found)) && (is_int($expected) || is_float($expected));
    if ($numbers ? $found == $expected : $found === $expected) {
        return;
    }
    throw new Difference("$at: " . json_encode($found) . ' instead of ' . json_encode($expected, JSON_UNESCAPED_UNICODE));
}

/** The body of a sealed request, opened again by the same client. */
function compare_opened(object $client, array $sealed, string $expected): void
{
    $text = $client->envelope->open(json_decode($sealed['body'], true, 512, JSON))['plaintext'];
    if ($text === $expected) {
        return;
    }
    $found = json_decode($text, true);
    if ($found === null || $found != json_decode($expected, true)) {
        throw new Difference("opened: $text instead of $expected");
    }
}

function compare_error(KysoException $error, stdClass $expected): void
{
    foreach (['code', 'field'] as $name) {
        $found = $error->toArray()[$name] ?? null;
        if (isset($expected->$name) && $found !== $expected->$name) {
            throw new Difference("$name: " . $error->getMessage());
        }
    }
}

/** PHP's form of an input: arrays all the way down. */
function as_array(mixed $value): mixed
{
    return json_decode(json_encode($value, JSON), true, 512, JSON);
}

function run_case(array $table, stdClass $case): void
{
    isset($table[$case->operation]) || throw new Difference('no such operation');
    [$class, $service, $method] = $table[$case->operation];
    try {
        $client = isset($case->config) ? new $class(as_array($case->config)) : new $class();
        $result = $client->$service->$method(as_array($case->input));
    } catch (KysoException $error) {
        isset($case->error) || throw new Difference($error->getMessage());
        compare_error($error, $case->error);
        return;
    }
    isset($case->output) || throw new Difference('an error was expected');
    $output = clone $case->output;
    if (isset($output->opened)) {
        compare_opened($client, $result, $output->opened);
        unset($output->opened);
    }
    compare('', $result, $output);
}

if (isset($argv[2])) {
    require $argv[2];
}
$table = require __DIR__ . '/table.php';
$files = [];
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1], FilesystemIterator::SKIP_DOTS)) as $file) {
    if ($file->getExtension() === 'json') {
        $files[] = $file->getPathname();
    }
}
sort($files);
$passed = $failed = 0;
foreach ($files as $file) {
    foreach (json_decode(file_get_contents($file), false, 512, JSON)->cases as $case) {
        try {
            run_case($table, $case);
            $passed++;
        } catch (Throwable $fault) {
            $failed++;
            echo "$file {$case->id}: {$fault->getMessage()}\n";
        }
    }
}
echo "php: $passed passed, $failed failed\n";
exit($failed > 0 || $passed === 0 ? 1 : 0);
