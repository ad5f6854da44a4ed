--TEST--
Clients and services cannot be copied, stored, changed or made by hand
--EXTENSIONS--
kyso
--FILE--
<?php
require __DIR__ . '/client.inc';
$client = tconnect();
foreach ([
    fn () => clone $client,
    fn () => serialize($client),
    fn () => unserialize('O:13:"Kyso\TConnect":0:{}'),
    fn () => new Kyso\TConnect\Auth(),
    fn () => (new ReflectionClass('Kyso\TConnect\Auth'))->newInstanceWithoutConstructor(),
    fn () => (new ReflectionClass('Kyso\TConnect'))->newInstanceWithoutConstructor(),
    fn () => $client->__construct(CONFIG),
    fn () => $client->auth = $client->auth,
    fn () => $client->other = 1,
] as $call) {
    try {
        $call();
        echo "accepted\n";
    } catch (Throwable $error) {
        echo $error->getMessage(), "\n";
    }
}
echo (new ReflectionClass($client))->isFinal() ? "final\n" : "open\n";
?>
--EXPECT--
Trying to clone an uncloneable object of class Kyso\TConnect
Serialization of 'Kyso\TConnect' is not allowed
Unserialization of 'Kyso\TConnect' is not allowed
Call to private Kyso\TConnect\Auth::__construct() from global scope
Class Kyso\TConnect\Auth is an internal class marked as final that cannot be instantiated without invoking its constructor
Class Kyso\TConnect is an internal class marked as final that cannot be instantiated without invoking its constructor
A client is made once
Cannot modify readonly property Kyso\TConnect::$auth
Cannot create dynamic property Kyso\TConnect::$other
final
