--TEST--
The extension is there with its classes
--EXTENSIONS--
kyso
--FILE--
<?php
echo Kyso\VERSION === phpversion('kyso') ? "one version\n" : "two versions\n";
foreach (['Kyso\TConnect', 'Kyso\HPay', 'Kyso\AppotaPay', 'Kyso\VietQR', 'Kyso\KysoException'] as $class) {
    var_dump(class_exists($class));
}
var_dump(is_subclass_of('Kyso\KysoException', 'Exception'));
?>
--EXPECT--
one version
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
