<?php
// The extension's classes on top of the FFI way, so that the same runner puts every vector through it.
// The library's path is in KYSO_LIBRARY.
declare(strict_types=1);

namespace Kyso;

require __DIR__ . '/../../../bindings-c/php/ffi/Kyso.php';

class_alias(Ffi\KysoException::class, KysoException::class);
Ffi\Library::load(getenv('KYSO_LIBRARY'));

/** `createV1_1` -> `create_v1_1`. */
function snake(string $name): string
{
    return strtolower(preg_replace('/(?<=[a-z0-9])[A-Z]/', '_$0', $name));
}

/** PHP has one empty array for lists and objects; a user of FFI writes an empty object as `new \stdClass`. */
function objects(array $input): array
{
    foreach (['fields', 'members'] as $name) {
        if (($input[$name] ?? null) === []) {
            $input[$name] = new \stdClass();
        }
    }
    return $input;
}

final class Service
{
    public function __construct(private readonly ?Ffi\Client $client, private readonly string $name)
    {
    }

    public function __call(string $method, array $arguments): array
    {
        $operation = $this->name . '.' . snake($method);
        $input = objects($arguments[0] ?? []);
        return $this->client?->call($operation, $input) ?? Ffi\Library::call($operation, $input);
    }
}

abstract class Face
{
    private readonly ?Ffi\Client $client;

    public function __construct(?array $config = null)
    {
        $this->client = $config === null ? null : new Ffi\Client($this->gateway(), $config);
    }

    public function __get(string $service): Service
    {
        return new Service($this->client, $this->gateway() . '.' . snake($service));
    }

    private function gateway(): string
    {
        return strtolower(basename(strtr(static::class, '\\', '/')));
    }
}

final class TConnect extends Face
{
}

final class HPay extends Face
{
}

final class AppotaPay extends Face
{
}

final class VietQR extends Face
{
}
