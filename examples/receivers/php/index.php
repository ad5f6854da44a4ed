<?php
// Plain PHP. Run: php -S 127.0.0.1:8000 index.php

declare(strict_types=1);
require __DIR__ . '/payments.php';

// $_POST and $_GET are decoded already: the body and the query string are taken as they came.
$body = file_get_contents('php://input');
$query = $_SERVER['QUERY_STRING'] ?? '';
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

$db = new PDO('sqlite:' . getenv('DATABASE'), options: [PDO::ATTR_TIMEOUT => 5]);
$payments = new Payments($db);

$answer = match ("{$_SERVER['REQUEST_METHOD']} $path") {
    'POST /tconnect/ipn' => $payments->receive('tconnect', $body),
    'POST /appotapay/callback' => $payments->receive('appotapay', $body),
    'GET /hpay/notify', 'GET /hpay/return' => $payments->receive('hpay', $query),
    default => ['status' => 404, 'content_type' => 'text/plain', 'body' => 'not found'],
};
// The buyer's browser. Either of the two may come first, and the buyer can drop notify_url: both count.
if ($path === '/hpay/return' && $answer['status'] === 200) {
    $answer = ['status' => 200, 'content_type' => 'text/plain', 'body' => 'Thank you.'];
}

http_response_code($answer['status']);
header("Content-Type: {$answer['content_type']}");
echo $answer['body'];
