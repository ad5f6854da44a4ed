<?php
// A merchant that uses all three gateways over HTTP. Prints one line per step: step, tab, result.
// The same file answers the callbacks, in a server of its own (php -S).
declare(strict_types=1);

use Kyso\AppotaPay;
use Kyso\HPay;
use Kyso\KysoException;
use Kyso\TConnect;

// The merchant's own record: what each order or transfer should be worth.
const ORDERS = [
    'DH-1001' => 150000,
    'DH-1002' => 200000,
    'DH-1003' => 350000,
    'HD-1' => 90000,
    'NAP-1' => 120000,
    'RUT-2' => 50000,
    'RUT-3' => 70000,
];
const INFO = 'Đơn hàng #2 & quà + 100%';

function tconnect(string $key): TConnect
{
    return new TConnect(['partner_code' => getenv('TCONNECT_PARTNER'), 'key' => $key, 'base_url' => getenv('TCONNECT_URL')]);
}

$tconnect = tconnect(getenv('TCONNECT_KEY'));
$hpay = new HPay([
    'merchant_site_code' => getenv('HPAY_MERCHANT'),
    'secure_pass' => getenv('HPAY_SECURE_PASS'),
    'passcode' => getenv('HPAY_PASSCODE'),
    'receiver' => getenv('HPAY_RECEIVER'),
    'private_key' => file_get_contents(getenv('HPAY_PRIVATE_KEY')),
    'hpay_certificate' => file_get_contents(getenv('HPAY_CERTIFICATE')),
    'client_id' => getenv('HPAY_CLIENT_ID'),
    'client_secret' => getenv('HPAY_CLIENT_SECRET'),
    'base_urls' => array_fill_keys(['checkout', 'account', 'open_api'], getenv('HPAY_URL')),
    'environment' => 'sandbox',
]);
$appotapay = new AppotaPay([
    'partner_code' => getenv('APPOTAPAY_PARTNER'),
    'api_key' => getenv('APPOTAPAY_API_KEY'),
    'secret_key' => getenv('APPOTAPAY_SECRET_KEY'),
    'base_urls' => ['gateway' => getenv('APPOTAPAY_URL')],
    'environment' => 'sandbox',
]);

// Callbacks

final class NotOurs extends Exception
{
}

// One file per payment, named by its key: creating a file that is there fails, as an insert into a unique index does.
final class Store
{
    public function __construct(private readonly string $folder)
    {
    }

    private function folderOf(string $path): string
    {
        $folder = $this->folder . '/' . strtr($path, '/', '-');
        is_dir($folder) || mkdir($folder);
        return $folder;
    }

    public function isFirstCall(string $path): bool
    {
        return (bool) @fopen($this->folderOf($path) . '.called', 'x');
    }

    public function has(string $path, string $key): bool
    {
        return is_file("{$this->folderOf($path)}/$key");
    }

    public function add(string $path, string $key, array $payment): void
    {
        $file = @fopen("{$this->folderOf($path)}/$key", 'x');
        $file && fwrite($file, json_encode($payment + ['at' => hrtime(true)], JSON_THROW_ON_ERROR));
    }

    /** Payments in the order in which they came. */
    public function payments(string $path): array
    {
        $files = glob($this->folderOf($path) . '/*');
        $payments = array_map(fn ($file) => json_decode(file_get_contents($file), true), $files);
        usort($payments, fn ($one, $other) => $one['at'] <=> $other['at']);
        return $payments;
    }
}

function ourOwn(?string $order, int $amount): void
{
    if ((ORDERS[$order] ?? null) !== $amount) {
        throw new NotOurs();
    }
}

/** Key, text and answer. */
function read(string $path, string $query, string $body): array
{
    global $tconnect, $hpay, $appotapay;
    if ($path === '/tconnect/ipn') {
        $ipn = $tconnect->ipn->readCallback(['body' => $body]);
        ourOwn($ipn['order_id'], $ipn['amount']);
        $text = "order {$ipn['order_id']}, {$ipn['amount']} VND, {$ipn['proof']}";
        return [$ipn['idempotency_key'], $text, $tconnect->ipn->acknowledge()];
    }
    if ($path === '/appotapay/callback') {
        $result = $appotapay->firmBanking->readCallback(['body' => $body]);
        $row = $result['transaction'];
        ourOwn($row['partnerRefId'], $row['amount']);
        $text = "{$row['partnerRefId']}, {$row['amount']} VND, {$result['proof']}, {$result['outcome']}";
        return [$result['idempotency_key'], $text, $appotapay->firmBanking->acknowledge()];
    }
    if ($path === '/appotapay/bill') {
        $paid = $appotapay->virtualAccount->readCallback(['body' => $body]);
        ourOwn($paid['billCode'], $paid['amount']);
        $text = "{$paid['billCode']}, {$paid['amount']} VND, {$paid['proof']}, {$paid['outcome']}";
        return [$paid['idempotency_key'], $text, $appotapay->virtualAccount->acknowledge()];
    }
    if ($path === '/hpay/webhook') {
        $paid = $hpay->openApi->readCallback(['query' => $query]);
        ourOwn($paid['client_request_id'], $paid['amount']);
        $text = "{$paid['client_request_id']}, {$paid['amount']} VND, {$paid['proof']}";
        return [$paid['idempotency_key'], $text, $hpay->openApi->acknowledge()];
    }
    $link = str_starts_with($path, '/hpay/legacy/') ? 'legacy' : 'v1';
    $paid = $hpay->checkout->readCallback(['query' => $query, 'link' => $link]);
    ourOwn($paid['order_code'], $paid['price']);
    if ($paid['transaction_info'] !== INFO) {
        throw new NotOurs();
    }
    $text = "order {$paid['order_code']}, {$paid['price']} VND, {$paid['proof']}, {$paid['outcome']}, {$paid['evidence']}";
    return [$paid['idempotency_key'], $text, $hpay->checkout->acknowledge()];
}

function plain(int $status, string $body): array
{
    return ['status' => $status, 'content_type' => 'text/plain', 'body' => $body];
}

/** Every message that is not genuine gets the same answer. */
function called(Store $store, string $path, string $query, string $body): array
{
    $returned = str_ends_with($path, '/return');
    if (!$returned && $store->isFirstCall($path)) {
        return plain(503, 'the database is down');
    }
    try {
        [$key, $text, $answer] = read($path, $query, $body);
    } catch (KysoException | NotOurs) {
        return plain(400, 'refused');
    }
    if ($returned) {
        $known = $store->has(str_replace('/return', '/notify', $path), $key);
        return plain(200, $text . ', ' . ($known ? 'stored before' : 'not stored'));
    }
    $store->add($path, $key, ['text' => $text, 'raw' => $body]);
    return $answer;
}

if (PHP_SAPI === 'cli-server') {
    [$path, $query] = explode('?', $_SERVER['REQUEST_URI'], 2) + [1 => ''];
    $answer = called(new Store(getenv('MERCHANT_STORE')), $path, $query, file_get_contents('php://input'));
    http_response_code($answer['status']);
    header("Content-Type: {$answer['content_type']}");
    echo $answer['body'];
    exit;
}

// HTTP

/** Status and body. */
function curl(string $method, string $url, array $headers = [], ?string $body = null): array
{
    $http = curl_init($url);
    curl_setopt_array($http, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FOLLOWLOCATION => true,
        CURLOPT_NOPROXY => '*',
    ]);
    $body === null || curl_setopt($http, CURLOPT_POSTFIELDS, $body);
    $answer = curl_exec($http);
    $answer === false && throw new RuntimeException(curl_error($http));
    return [curl_getinfo($http, CURLINFO_RESPONSE_CODE), $answer];
}

/** Failures come with a body to read, so the status is not looked at. */
function send(array $request): string
{
    $headers = array_map(fn ($name, $value) => "$name: $value", array_keys($request['headers']), $request['headers']);
    return curl($request['method'], $request['url'], $headers, $request['body'] ?? null)[1];
}

function post(string $url, string $body): string
{
    return curl('POST', $url, ['Content-Type: text/plain'], $body)[1];
}

function browse(string $url): string
{
    [$status, $text] = curl('GET', $url);
    return $status === 200 ? $text : "$status $text";
}

// What is printed

function show(string $step, string $result): void
{
    echo "$step\t$result\n";
}

function refused(string $step, callable $call): void
{
    try {
        $call();
        show($step, 'ACCEPTED: this must not happen');
    } catch (KysoException $error) {
        $parts = [$error->error, $error->field, $error->gateway_code, $error->outcome, $error->next_operation];
        show($step, 'refused: ' . implode(' ', array_filter($parts, fn ($part) => $part !== null)));
    }
}

/** What the gateway was answered, and what was stored. */
function showCalls(string $step, string $path, string $statuses): void
{
    global $store;
    $payments = $store->payments($path);
    show($step, sprintf('%s; stored %d: %s', $statuses, count($payments), end($payments)['text'] ?? ''));
}

function showTransfer(string $step, array $read): void
{
    $row = $read['transaction'];
    show($step, "{$read['proof']}, {$read['outcome']}, {$row['transferAmount']} VND, {$row['appotapayTransId']}");
}

function yes(bool $answer): string
{
    return $answer ? 'yes' : 'no';
}

// The gateways

function payByTConnect(TConnect $tconnect, Store $store, string $address): void
{
    $credentials = [];
    foreach (['username', 'password', 'client_id', 'client_secret'] as $name) {
        $credentials[$name] = getenv('TCONNECT_' . strtoupper($name));
    }
    $tokens = $tconnect->auth->readLogin(['body' => send($tconnect->auth->login($credentials))]);
    show('TConnect login', "{$tokens['proof']}, {$tokens['token_type']}, {$tokens['expires_in']} s");
    $stranger = send(tconnect(str_repeat('0123456789abcdef', 4))->auth->login($credentials));
    refused('TConnect login, other key', fn () => $tconnect->auth->readLogin(['body' => $stranger]));

    $refresh = ['refresh_token' => $tokens['refresh_token']];
    $newer = $tconnect->auth->readRefresh(['body' => send($tconnect->auth->refresh($refresh))]);
    $token = $newer['access_token'];
    show('TConnect refresh', "{$newer['proof']}, new token: " . yes($token !== $tokens['access_token']));
    $used = send($tconnect->auth->refresh($refresh));
    refused('TConnect refresh, used token', fn () => $tconnect->auth->readRefresh(['body' => $used]));

    $list = $tconnect->services->list(['access_token' => $token, 'payment_method' => 'qr']);
    $rows = $tconnect->services->readList(['body' => send($list)])['data'];
    $service = current(array_filter($rows, fn ($row) => $row['allowed_va_creation']))['code'];
    show('TConnect services', "$service of " . count($rows));

    $create = fn (string $token) => send($tconnect->virtualAccount->create([
        'access_token' => $token,
        'bank_code' => '970454',
        'account_name' => 'NGUYEN VAN A',
    ]));
    $account = $tconnect->virtualAccount->readCreate(['body' => $create($token)]);
    show('TConnect virtual account', "{$account['va_number']}, {$account['status']}");
    $unknown = $create('no-such-token');
    refused('TConnect virtual account, bad token', fn () => $tconnect->virtualAccount->readCreate(['body' => $unknown]));

    $code = [
        'access_token' => $token,
        'accountNumber' => $account['va_number'],
        'amount' => 150000,
        'orderId' => 'DH-1001',
        'narrative' => 'Thanh toán đơn hàng',
        'extraData' => ['table' => 'B12'],
        'service_code' => $service,
    ];
    $body = send($tconnect->qr->create($code));
    $made = $tconnect->qr->readCreate(['body' => $body, 'requested' => $code]);
    $said = $made['vietqr'];
    show('TConnect QR', "{$said['bin']} {$said['account']}, {$said['amount']} VND, bill {$said['bill_number']}");
    $other = ['amount' => 15000] + $code;
    refused('TConnect QR, other amount asked', fn () => $tconnect->qr->readCreate(['body' => $body, 'requested' => $other]));

    $url = getenv('TCONNECT_URL');
    post("$url/portal/callback_url", "$address/tconnect/ipn");
    showCalls('TConnect IPN', '/tconnect/ipn', post("$url/portal/pay", $made['qrString']));
    confirm($tconnect, $store, $token);
}

/** The gateway lists one payment per page here; ours is on the second. */
function confirm(TConnect $tconnect, Store $store, string $token): void
{
    $ipn = $store->payments('/tconnect/ipn')[0]['raw'];
    $page = fn (int $page) => send($tconnect->transactions->qr([
        'access_token' => $token,
        'from_date' => '2026-01-01 00:00:00',
        'to_date' => '2099-12-31 23:59:59',
        'limit' => 1,
        'page' => $page,
    ]));
    $first = $page(1);
    $list = $tconnect->transactions->readQr(['body' => $first]);
    $row = "{$list['data'][0]['order_id']}, {$list['data'][0]['amount']} VND";
    show('TConnect transactions, page 1', "$row, of {$list['pagination']['total_pages']} pages");
    $confirm = fn (string $body) => $tconnect->ipn->confirm(['ipn' => $ipn, 'kind' => 'qr', 'body' => $body]);
    refused('TConnect confirm, page 1', fn () => $confirm($first));
    $found = $confirm($page(2));
    $payment = "order {$found['order_id']}, {$found['amount']} VND, reference equal: " . yes($found['reference_equal']);
    show('TConnect confirm, page 2', "{$found['proof']}, $payment");
}

function payByHPay(HPay $hpay, string $address): void
{
    $order = [
        'transaction_info' => INFO,
        'order_description' => 'Áo dài cỡ M/L = 2 chiếc?',
        'buyer_info' => 'Trần Thị B',
    ];
    $link = $hpay->checkout->createLink($order + [
        'return_url' => "$address/hpay/v1/return",
        'notify_url' => "$address/hpay/v1/notify",
        'order_code' => 'DH-1002',
        'price' => 200000,
        'lang' => 'vi',
    ]);
    openLink('V1', '/hpay/v1/notify', $link['url']);
    $legacy = $hpay->checkout->createLegacyLink($order + [
        'return_url' => "$address/hpay/legacy/return",
        'notify_url' => "$address/hpay/legacy/notify",
        'order_code' => 'DH-1003',
        'price' => 350000,
    ]);
    openLink('legacy', '/hpay/legacy/notify', $legacy['url']);
}

/** What the buyer's browser does, first with a price of his own. */
function openLink(string $kind, string $notify, string $url): void
{
    show("HPay $kind link, price changed", browse(str_replace('0000&currency', '000&currency', $url)));
    show("HPay $kind link, return_url", browse($url));
    showCalls("HPay $kind link, notify_url", $notify, browse(getenv('HPAY_URL') . '/portal/deliveries'));
    show("HPay $kind link, opened again", browse($url));
}

function transferByHPay(HPay $hpay): void
{
    $banking = $hpay->firmBanking;
    $transfer = fn (string $request, string $account) => send($banking->transfer([
        'requestId' => $request,
        'bankName' => 'TCB',
        'bankAccountNumber' => $account,
        'bankAccountName' => 'NGUYEN VAN A',
        'amount' => 500000,
        'note' => 'hoan tien DH-1002',
    ]));
    $read = fn (string $body, string $request) => $banking->readTransfer([
        'body' => $body,
        'expected' => ['data' => ['requestId' => $request]],
    ]);
    $body = $transfer('CK-1', '19036000123');
    $done = $read($body, 'CK-1');
    $account = $done['data']['bankAccountNumber'];
    show('HPay transfer', "{$done['proof']}, account $account, cash-out {$done['data']['omiCashoutId']}");
    $other = str_replace('19036000123', '19036000124', $body);
    refused('HPay transfer, answer changed', fn () => $read($other, 'CK-1'));
    refused('HPay transfer, answer to another', fn () => $read($body, 'CK-2'));
    $unclear = $transfer('CK-2', '19036000199');
    refused('HPay transfer, unclear', fn () => $read($unclear, 'CK-2'));
    $again = $transfer('CK-1', '19036000123');
    refused('HPay transfer, sent again', fn () => $read($again, 'CK-1'));
    $inquire = fn (string $request) => ['body' => send($banking->inquire(['requestId' => $request]))];
    foreach (['CK-1', 'CK-2'] as $request) {
        $found = $banking->readInquire($inquire($request));
        show("HPay inquiry, $request", "{$found['proof']}, {$found['outcome']}");
    }
    $unknown = $inquire('CK-3');
    refused('HPay inquiry, CK-3', fn () => $banking->readInquire($unknown));
}

function useOpenApi(HPay $hpay, string $address): void
{
    $api = $hpay->openApi;
    $tokens = [];
    foreach (['va', 'ibft', 'account'] as $scope) {
        $tokens[$scope] = $api->readToken(['body' => send($api->token(['scope' => $scope]))]);
    }
    show('HPay Open API token', "{$tokens['va']['proof']}, {$tokens['va']['token_type']}, {$tokens['va']['expires_in']} s");

    $create = $api->createVa([
        'access_token' => $tokens['va']['access_token'],
        'requestId' => 'NAP-1',
        'vaType' => '1',
        'vaName' => 'NGUYEN VAN A',
        'vaCondition' => '1',
        'vaAmount' => 120000,
        'remark' => 'nap vi 1',
        'notifyUrl' => "$address/hpay/webhook",
    ]);
    $account = $api->readCreateVa(['body' => send($create), 'expected' => ['vaAmount' => 120000]]);
    show('HPay Open API virtual account', "{$account['proof']}, {$account['vaAccount']}, {$account['vaAmount']} VND");
    $statuses = post(getenv('HPAY_URL') . '/portal/pay', $account['vaAccount']);
    showCalls('HPay Open API webhook', '/hpay/webhook', $statuses);

    $transfer = fn (string $scope, int $amount) => send($api->transfer([
        'access_token' => $tokens[$scope]['access_token'],
        'requestId' => 'CK-9',
        'bankName' => 'TCB',
        'bankAccountNumber' => '19036000123',
        'bankAccountName' => 'NGUYEN VAN A',
        'amount' => $amount,
    ]));
    $expected = ['requestId' => 'CK-9', 'amount' => 45000];
    $done = $api->readTransfer(['body' => $transfer('ibft', 45000), 'expected' => $expected]);
    show('HPay Open API transfer', "{$done['proof']}, {$done['amount']} VND, cash-out {$done['cashoutId']}");
    $tooMuch = $transfer('ibft', 20000000);
    refused('HPay Open API transfer, too much', fn () => $api->readTransfer(['body' => $tooMuch]));
    $otherScope = $transfer('va', 45000);
    refused('HPay Open API transfer, other scope', fn () => $api->readTransfer(['body' => $otherScope]));
    $request = $api->balance(['access_token' => $tokens['account']['access_token'], 'requestId' => 'SD-1']);
    $balance = $api->readBalance(['body' => send($request)]);
    show('HPay Open API balance', "{$balance['proof']}, {$balance['balance']} VND");
}

function transferByAppotaPay(AppotaPay $appotapay, string $address): void
{
    $banking = $appotapay->firmBanking;
    $owner = $banking->readAccountInfo(['body' => send($banking->accountInfo([
        'bankCode' => 'TPBANK',
        'accountNo' => '132100132400000',
        'accountType' => 'account',
        'partnerRefId' => 'TEN-1',
    ]))]);
    show('AppotaPay account', "{$owner['proof']}, {$owner['accountInfo']['accountName']}");

    $transfer = fn (string $reference, string $account, string $kind, int $amount) => send($banking->transfer([
        'bankCode' => 'TPBANK',
        'accountNo' => $account,
        'accountType' => $kind,
        'accountName' => 'NGUYEN VAN A',
        'amount' => $amount,
        'feeType' => 'payer',
        'partnerRefId' => $reference,
        'message' => 'rut tien vi',
    ]));
    $status = fn () => send($banking->status(['partnerRefId' => 'RUT-2']));

    $card = $transfer('RUT-1', '9704000000000018', 'card', 30000);
    showTransfer('AppotaPay transfer', $banking->readTransfer(['body' => $card]));
    $pending = $transfer('RUT-2', '132100132400001', 'account', 50000);
    refused('AppotaPay transfer, pending', fn () => $banking->readTransfer(['body' => $pending]));
    $waiting = $status();
    refused('AppotaPay status, pending', fn () => $banking->readStatus(['body' => $waiting]));

    [$url, $path] = [getenv('APPOTAPAY_URL'), '/appotapay/callback'];
    post("$url/portal/callback_url", $address . $path);
    showCalls('AppotaPay callback', $path, post("$url/portal/settle", 'RUT-2'));
    showTransfer('AppotaPay status', $banking->readStatus(['body' => $status()]));
    $again = $transfer('RUT-2', '132100132400001', 'account', 50000);
    refused('AppotaPay transfer, sent again', fn () => $banking->readTransfer(['body' => $again]));
    $transfer('RUT-3', '132100132400000', 'account', 70000);
    showCalls('AppotaPay callback, bank refused', $path, post("$url/portal/settle", 'RUT-3'));
    $balance = $banking->readBalance(['body' => send($banking->balance())]);
    show('AppotaPay balance', "{$balance['proof']}, {$balance['account']['balance']} VND");
}

function bePaidByAppotaPay(AppotaPay $appotapay, string $address): void
{
    $create = $appotapay->virtualAccount->create([
        'billCode' => 'HD-1',
        'billInfo' => 'Thanh toán hóa đơn',
        'customerName' => 'PHAM MINH TUAN',
        'amount' => 90000,
        'paymentCondition' => 'EQ',
        'bankCode' => 'WOORIBANK',
        'notifyUrl' => "$address/appotapay/bill",
        'extraData' => '',
    ]);
    $bill = $appotapay->virtualAccount->readCreate(['body' => send($create), 'expected' => ['billCode' => 'HD-1']]);
    $account = $bill['payment']['bankAccounts'][0];
    $where = "{$account['accountNo']}, {$account['bankBranch']}";
    show('AppotaPay virtual account', "{$bill['proof']}, $where, {$bill['matched']}");
    $statuses = post(getenv('APPOTAPAY_URL') . '/portal/pay', 'HD-1');
    showCalls('AppotaPay virtual account, IPN', '/appotapay/bill', $statuses);
}

/** Starts the server for callbacks; it prints the address that it got. */
function startServer(string $folder): array
{
    $pipes = [];
    $process = proc_open(
        [PHP_BINARY, '-S', '127.0.0.1:0', __FILE__],
        [STDIN, ['file', '/dev/null', 'w'], ['pipe', 'w']],
        $pipes,
        null,
        ['MERCHANT_STORE' => $folder] + getenv(),
    );
    $line = fgets($pipes[2]);
    preg_match('#\((http://127\.0\.0\.1:\d+)\) started#', (string) $line, $match) || throw new RuntimeException("no server: $line");
    return [$process, $match[1], $pipes];
}

$folder = sys_get_temp_dir() . '/merchant-' . bin2hex(random_bytes(8));
mkdir($folder, 0700);
$store = new Store($folder);
[$process, $address, $pipes] = startServer($folder);
try {
    payByTConnect($tconnect, $store, $address);
    payByHPay($hpay, $address);
    transferByHPay($hpay);
    useOpenApi($hpay, $address);
    transferByAppotaPay($appotapay, $address);
    bePaidByAppotaPay($appotapay, $address);
} finally {
    proc_terminate($process);
    array_map('unlink', glob("$folder/*.called"));
    foreach (glob("$folder/*", GLOB_ONLYDIR) as $inner) {
        array_map('unlink', glob("$inner/*"));
        rmdir($inner);
    }
    rmdir($folder);
}
