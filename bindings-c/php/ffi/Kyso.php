<?php
// kyso through PHP's FFI, where no extension can be installed: libkyso.so.0 and these two files are all.
// FFI in web requests needs `ffi.enable=true`, or `ffi.enable=preload` with `Library::preload()` in the preload script.
// The extension is faster and declares the type of every argument; here the library alone checks them, and refuses the same.

declare(strict_types=1);

namespace Kyso\Ffi;

/** What went wrong. The members are those of an error in every language; no value and no secret is among them. */
final class KysoException extends \RuntimeException
{
    /** @param array<string, mixed> $error */
    public function __construct(private readonly array $error, int $number)
    {
        parent::__construct($error['message'], $number);
    }

    /**
     * Stable code, operation, field, stage and the texts in both languages.
     *
     * @return array<string, mixed>
     */
    public function toArray(): array
    {
        return $this->error;
    }
}

final class Library
{
    /** Arrays in arrays, as in the extension: one that holds itself has no end. */
    private const MAX_DEPTH = 32;

    private static ?\FFI $library = null;

    /** Loads the library, from a path of your own or from where the system finds libkyso.so.0. */
    public static function load(?string $path = null): void
    {
        $header = file_get_contents(__DIR__ . '/kyso.h');
        // The lines for FFI::load(); cdef() takes the path instead.
        $declarations = preg_replace('/^#.*$/m', '', $header);
        self::$library = \FFI::cdef($declarations, $path ?? 'libkyso.so.0');
    }

    /** For opcache.preload: the library stays loaded for all requests. */
    public static function preload(): void
    {
        \FFI::load(__DIR__ . '/kyso.h');
    }

    /** Version of the library. */
    public static function version(): string
    {
        return self::get()->kyso_version();
    }

    /**
     * Runs an operation that needs no client.
     *
     * @param array<string, mixed> $input
     * @return array<string, mixed>
     */
    public static function call(string $operation, #[\SensitiveParameter] array $input = []): array
    {
        return self::run(null, $operation, $input);
    }

    /** @internal */
    public static function get(): \FFI
    {
        if (self::$library === null) {
            try {
                self::$library = \FFI::scope('kyso');
            } catch (\FFI\Exception) {
                self::load();
            }
        }
        return self::$library;
    }

    /**
     * @internal
     * @param array<string, mixed> $input
     * @return array<string, mixed>
     */
    public static function run(?\FFI\CData $client, string $operation, #[\SensitiveParameter] array $input): array
    {
        $library = self::get();
        $call = fn ($params) => $library->kyso_call_params($client, $operation, strlen($operation), $params);
        return self::with($input, $call);
    }

    /**
     * @internal
     * @param array<string, mixed> $record
     * @param \Closure(\FFI\CData): \FFI\CData $call takes the record as the library has it, and gives a result
     * @return array<string, mixed>
     */
    public static function with(#[\SensitiveParameter] array $record, \Closure $call): array
    {
        $library = self::get();
        $params = $library->kyso_params_new();
        try {
            self::addAll($params, $record, true, 1);
            return self::take($call($params));
        } finally {
            $library->kyso_params_free($params);
        }
    }

    /** Not through JSON: it takes floats and fails at bytes that are no UTF-8; the library refuses both by name. */
    private static function add(
        \FFI\CData $params,
        string $name,
        #[\SensitiveParameter] mixed $value,
        int $depth,
    ): void {
        $library = self::get();
        $length = strlen($name);
        if (is_string($value)) {
            $library->kyso_params_set_text($params, $name, $length, $value, strlen($value));
        } elseif (is_int($value)) {
            $library->kyso_params_set_integer($params, $name, $length, $value);
        } elseif (is_bool($value)) {
            $library->kyso_params_set_bool($params, $name, $length, $value);
        } elseif ($value === null) {
            // Fields refuse it by name; free members of a message may hold it.
            $library->kyso_params_set_json($params, $name, $length, 'null', 4);
        } elseif ($depth < self::MAX_DEPTH && is_array($value) && array_is_list($value)) {
            $library->kyso_params_begin_list($params, $name, $length);
            self::addAll($params, $value, false, $depth + 1);
            $library->kyso_params_end($params);
        } elseif ($depth < self::MAX_DEPTH && (is_array($value) || $value instanceof \stdClass)) {
            $library->kyso_params_begin_object($params, $name, $length);
            self::addAll($params, (array) $value, true, $depth + 1);
            $library->kyso_params_end($params);
        } else {
            $library->kyso_params_set_unsupported($params, $name, $length);
        }
    }

    /** @param array<mixed> $members */
    private static function addAll(
        \FFI\CData $params,
        #[\SensitiveParameter] array $members,
        bool $named,
        int $depth,
    ): void {
        foreach ($members as $name => $value) {
            // PHP turns names of digits into integers. Elements of a list have no name.
            self::add($params, $named ? (string) $name : '', $value, $depth);
        }
    }

    /**
     * @internal
     * @return array<string, mixed>
     */
    public static function take(\FFI\CData $result): array
    {
        $library = self::get();
        try {
            // JSON texts hold no NUL: FFI makes strings of them.
            if ($library->kyso_result_is_ok($result)) {
                return json_decode($library->kyso_result_json($result, null, 0, null), true, 64, JSON_THROW_ON_ERROR);
            }
            $error = json_decode($library->kyso_error_json($result, null), true, 64, JSON_THROW_ON_ERROR);
            throw new KysoException($error, $library->kyso_error_code($result));
        } finally {
            $library->kyso_result_free($result);
        }
    }
}

/** A merchant's account at one gateway. Immutable; its keys are parsed once and wiped when it goes. */
final class Client
{
    private ?\FFI\CData $client = null;

    /** @param array<string, mixed> $config */
    public function __construct(string $gateway, #[\SensitiveParameter] array $config)
    {
        if ($this->client !== null) {
            throw new \LogicException('the client is made already');
        }
        $library = Library::get();
        $client = $library->new('struct kyso_client *');
        $place = \FFI::addr($client);
        $make = fn ($params) => $library->kyso_client_new_params($gateway, strlen($gateway), $params, $place);
        Library::with($config, $make);
        $this->client = $client;
    }

    /**
     * Runs an operation by its full name, `gateway.service.operation`.
     *
     * @param array<string, mixed> $input
     * @return array<string, mixed>
     */
    public function call(string $operation, #[\SensitiveParameter] array $input = []): array
    {
        return Library::run($this->client, $operation, $input);
    }

    public function __destruct()
    {
        if ($this->client !== null) {
            Library::get()->kyso_client_free($this->client);
            // PHP lets anybody call this, and calls it once more itself.
            $this->client = null;
        }
    }

    private function __clone()
    {
    }

    public function __serialize(): array
    {
        throw new \LogicException('a client holds secrets and cannot be serialized');
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['client' => 'redacted'];
    }
}
