<?php
// What every receiver does with a message, in the order in which it must be done. No framework in here.
//
//   raw text -> genuine? -> which order? -> the right amount? -> store once -> acknowledge

declare(strict_types=1);

final class Payments
{
    // One answer for everything that is refused: a sender who tries things out learns nothing from it.
    private const REFUSED = ['status' => 400, 'content_type' => 'text/plain', 'body' => 'refused'];

    private Kyso\TConnect $tconnect;
    private Kyso\HPay $hpay;
    private Kyso\AppotaPay $appotapay;

    public function __construct(private PDO $db)
    {
        $this->tconnect = new Kyso\TConnect([
            'partner_code' => getenv('TCONNECT_PARTNER'),
            'key' => getenv('TCONNECT_KEY'),
            'environment' => 'sandbox',
        ]);
        $this->hpay = new Kyso\HPay([
            'merchant_site_code' => getenv('HPAY_MERCHANT'),
            'secure_pass' => getenv('HPAY_SECURE_PASS'),
            'environment' => 'sandbox',
        ]);
        $this->appotapay = new Kyso\AppotaPay([
            'partner_code' => getenv('APPOTAPAY_PARTNER'),
            'api_key' => getenv('APPOTAPAY_API_KEY'),
            'secret_key' => getenv('APPOTAPAY_SECRET_KEY'),
            'environment' => 'sandbox',
        ]);
    }

    /**
     * Takes the raw text of a message; gives the status, content type and body to answer with.
     * A failing database throws: PHP answers 500 and the gateway sends the message again.
     */
    public function receive(string $gateway, string $raw): array
    {
        [$read, $orderOf, $expected, $acknowledge] = $this->callback($gateway, $raw);
        try {
            $message = $read();
            $order = $orderOf($message);
            $amount = $this->amountOf($order);
            if ($amount === null) {
                error_log("refused: $gateway names no order of ours");
                return self::REFUSED;
            }
            // The amount is compared with our own record, never taken from the message.
            $read(['expected' => $expected($amount)]);
        } catch (Kyso\KysoException $error) {
            // Names of operation and field only: the exception never holds a value or a secret.
            error_log("refused: {$error->operation} {$error->error} {$error->field}");
            return self::REFUSED;
        }
        $this->store($gateway, $order, $amount, $message, $raw);
        return $acknowledge();
    }

    /** How a gateway tells of a payment. The first throws unless the message is genuine and as expected. */
    private function callback(string $gateway, string $raw): array
    {
        return match ($gateway) {
            'tconnect' => [
                fn (array $more = []) => $this->tconnect->ipn->readCallback(['body' => $raw, ...$more]),
                fn (array $message) => $message['order_id'] ?? null,
                fn (int $amount) => ['amount' => $amount],
                fn () => $this->tconnect->ipn->acknowledge(),
            ],
            'hpay' => [
                fn (array $more = []) => $this->hpay->checkout->readCallback(['query' => $raw, ...$more]),
                fn (array $message) => $message['order_code'],
                fn (int $amount) => ['price' => $amount],
                fn () => $this->hpay->checkout->acknowledge(),
            ],
            'appotapay' => [
                fn (array $more = []) => $this->appotapay->payment->readCallback(['body' => $raw, ...$more]),
                fn (array $message) => $message['partnerReference']['order']['id'] ?? null,
                fn (int $amount) => ['transaction' => ['orderAmount' => $amount]],
                fn () => $this->appotapay->payment->acknowledge(),
            ],
        };
    }

    private function amountOf(?string $order): ?int
    {
        $found = $this->db->prepare('SELECT amount FROM orders WHERE code = ?');
        $found->execute([$order]);
        $amount = $found->fetchColumn();
        return $amount === false ? null : $amount;
    }

    /** Stores and credits in one transaction. The second delivery of a payment finds its key taken and changes nothing. */
    private function store(string $gateway, string $order, int $amount, array $message, string $raw): void
    {
        // A TConnect IPN is encrypted, not signed: it waits for ipn.confirm. "Genuine" is not yet "paid" either.
        $state = ($message['must_inquire'] ?? false) ? 'to_confirm' : $message['outcome'] ?? 'undetermined';
        $this->db->exec('BEGIN IMMEDIATE');
        try {
            $insert = $this->db->prepare(
                'INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING'
            );
            $insert->execute([$message['idempotency_key'], $gateway, $order, $amount, $state, $raw]);
            if ($insert->rowCount() === 1 && $state === 'succeeded') {
                $credit = $this->db->prepare('UPDATE orders SET credited = credited + ? WHERE code = ?');
                $credit->execute([$amount, $order]);
            }
            $this->db->exec('COMMIT');
        } catch (Throwable $error) {
            $this->db->exec('ROLLBACK');
            throw $error;
        }
    }
}
