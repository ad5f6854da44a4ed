--TEST--
Errors carry the record's members
--EXTENSIONS--
kyso
--FILE--
<?php
require __DIR__ . '/client.inc';
try {
    tconnect()->virtualAccount->create(['access_token' => 't', 'bank_code' => '970454']);
} catch (Kyso\KysoException $error) {
    echo get_class($error), ' ', $error->getCode(), "\n", $error->getMessage(), "\n";
    echo $error->error, ' ', $error->operation, ' ', $error->field, ' ', $error->stage, "\n";
    echo $error->message_vi, "\n";
    var_dump($error->gateway_code, $error->signed, $error->outcome, $error->position);
    echo implode(' ', array_keys($error->toArray())), "\n";
    try {
        $error->field = 'other';
    } catch (Error $refusal) {
        echo $refusal->getMessage(), "\n";
    }
}
// The exception can be made and extended by tests of the host.
class Mine extends Kyso\KysoException {}
var_dump((new Mine('text', 7))->error, (new Mine('text', 7))->getCode());
?>
--EXPECT--
Kyso\KysoException 2
tconnect.virtual_account.create: account_name: required, but absent
missing_field tconnect.virtual_account.create account_name input
tconnect.virtual_account.create: account_name: bắt buộc nhưng bị thiếu
NULL
NULL
NULL
NULL
code operation field stage message message_vi
Cannot modify readonly property Kyso\KysoException::$field
NULL
int(7)
