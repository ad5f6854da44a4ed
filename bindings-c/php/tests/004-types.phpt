--TEST--
Values of a wrong type are refused by name, a TypeError is only for what is no array
--EXTENSIONS--
kyso
--FILE--
<?php
require __DIR__ . '/client.inc';
$create = tconnect()->qr;
$input = ['access_token' => 't', 'accountNumber' => '99MPI', 'orderId' => 'O1', 'amount' => 10000];
$with = fn (array $members) => fn () => $create->create($members + $input);
foreach ([1.0, NAN, null, true, -1, '', '1.0', '١', [], new stdClass, STDIN, fn () => 1, new ArrayObject, "1\0"] as $value) {
    refused($with(['amount' => $value]));
}
echo "--\n";
refused($with(['orderId' => "\xff"]));
refused($with(["\xff" => 'x']));
refused($with(['no_such_field' => 'x']));
refused($with([5 => 'x']));
refused($with(['extra' => ['a' => ['b' => [1, 2.5]]]]));
refused($with(['extra' => ['a' => new stdClass]]));
refused($with(['extra' => 'text']));
refused($with(['extra' => [1, 2]]));
refused($with(['extra' => []]));
$self = ['a' => 'x'];
$self['b'] = &$self;
refused($with(['extra' => $self]));
$deep = [];
for ($i = 0; $i < 100; $i++) {
    $deep = ['a' => $deep];
}
refused($with(['extra' => $deep]));
$amount = 10000;
refused($with(['amount' => &$amount]));
echo "--\n";
refused(fn () => $create->create('text'));
refused(fn () => $create->create());
refused(fn () => $create->create(new ArrayObject($input)));
refused(fn () => new Kyso\TConnect());
refused(fn () => new Kyso\TConnect(null));
refused(fn () => new Kyso\TConnect([]));
refused(fn () => new Kyso\TConnect(['key' => 5] + CONFIG));
refused(fn () => new Kyso\TConnect(['key' => 1.5] + CONFIG));
refused(fn () => new Kyso\TConnect(['key' => ''] + CONFIG));
refused(fn () => new Kyso\TConnect(['previous_secrets' => []] + CONFIG));
refused(fn () => new Kyso\TConnect(['previous_secrets' => ['short']] + CONFIG));
?>
--EXPECTF--
wrong_type 4 amount input
wrong_type 4 amount input
wrong_type 4 amount input
wrong_type 4 amount input
wrong_type 4 amount input
invalid_value 5 amount input
invalid_value 5 amount input
invalid_value 5 amount input
wrong_type 4 amount input
wrong_type 4 amount input
wrong_type 4 amount input
wrong_type 4 amount input
wrong_type 4 amount input
invalid_value 5 amount input
--
not_utf8 33 orderId input
not_utf8 33 ? input
unknown_field 3 no_such_field input
unknown_field 3 5 input
wrong_type 4 extra.a.b.1 input
wrong_type 4 extra.a input
wrong_type 4 extra input
wrong_type 4 extra input
accepted
wrong_type 4 extra.b input
wrong_type 4 extra.%s input
accepted
--
TypeError
TypeError
TypeError
TypeError
TypeError
missing_field 2 partner_code config
wrong_type 4 key config
wrong_type 4 key config
invalid_key 10 key config
accepted
invalid_key 10 previous_secrets config
