<?php
/** For editors and analysers; never loaded. */

namespace Kyso
{
    /** Version of the library. */
    const VERSION = '0.1.0';

    /**
     * What every method throws when an input, an answer or a callback is refused. It names the field and the rule,
     * never a value. `getMessage()` is the sentence in English, `getCode()` the stable number.
     */
    class KysoException extends \Exception
    {
        /** Stable name of the code, e.g. `signature_mismatch`; the number is `getCode()`. */
        public readonly ?string $error;

        /** The operation, `gateway.service.operation`; the gateway's name for a refused configuration. */
        public readonly ?string $operation;

        /** The field at fault, with dots between nested names. */
        public readonly ?string $field;

        /**
         * `config`; `input`: what the caller passed was refused (a building operation: nothing was sent); `response`:
         * the gateway's answer (the payment may have happened); or `callback`.
         */
        public readonly ?string $stage;

        /** The sentence in Vietnamese. */
        public readonly ?string $message_vi;

        /** The gateway's own code, as printed. */
        public readonly ?string $gateway_code;

        /** The gateway's own text, as printed. */
        public readonly ?string $gateway_message;

        /** Whether the gateway's report of a failure was signed. */
        public readonly ?bool $signed;

        /**
         * After a request that moves money: `refused` where none has moved, `undetermined` with every other error,
         * whatever its code and stage: query, never send again.
         */
        public readonly ?string $outcome;

        /** The operation to call next, e.g. the status query after an undetermined transfer. */
        public readonly ?string $next_operation;

        /** Why exactly, as a stable word. */
        public readonly ?string $reason;

        /** Where in the text, counted from 1. */
        public readonly ?int $position;

        /**
         * Every member under the name it has in all languages; `code` is the stable name.
         *
         * @return array{code: string, operation: string, field?: string, stage: string, message: string, message_vi: string, ...}
         */
        final public function toArray(): array {}
    }
}
