--TEST--
Every shared vector through the classes of the extension
--SKIPIF--
<?php if (!getenv('KYSO_SOURCE')) die('skip KYSO_SOURCE does not name the source tree'); ?>
--FILE--
<?php
$argv = ['run.php', getenv('KYSO_SOURCE') . '/tests/vectors'];
require getenv('KYSO_SOURCE') . '/tests/runners/php/run.php';
?>
--EXPECTREGEX--
php: [1-9]\d* passed, 0 failed
