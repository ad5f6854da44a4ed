<?php
$tconnect = new Kyso\TConnect(['partner_code' => getenv('TCONNECT_PARTNER'), 'key' => getenv('TCONNECT_KEY'), 'base_url' => getenv('TCONNECT_URL')]);
$request = $tconnect->virtualAccount->create([
    'access_token' => getenv('TCONNECT_TOKEN'),
    'bank_code' => '970454',
    'account_name' => 'NGUYEN VAN A',
]);
$headers = array_map(fn ($name, $value) => "$name: $value", array_keys($request['headers']), $request['headers']);
$http = ['method' => $request['method'], 'header' => $headers, 'content' => $request['body'], 'timeout' => 30];
// Answers with a status of 4xx or 5xx are read like any other: they say what the gateway refused.
$http['ignore_errors'] = true;
$answer = file_get_contents($request['url'], false, stream_context_create(['http' => $http]));
if ($answer === false) {
    throw new RuntimeException('no answer: ask with the status operation, never send again');
}
$account = $tconnect->virtualAccount->readCreate(['body' => $answer]);
echo $account['va_number'], "\n";
