<?php
// Prints every class, method and parameter of the extension, or of the stub files given: php stubs.php [FILE...]
// Both lists must be the same.
declare(strict_types=1);

foreach (array_slice($argv, 1) as $file) {
    require $file;
}
$classes = array_filter(get_declared_classes(), static fn (string $class): bool => str_starts_with($class, 'Kyso\\'));
sort($classes);
foreach ($classes as $name) {
    $class = new ReflectionClass($name);
    echo $class->isFinal() ? 'final ' : '', $name, "\n";
    foreach ($class->getMethods() as $method) {
        // Those of PHP's own parent classes, and what the extension writes for itself.
        if ($method->getDeclaringClass()->getName() !== $name || $method->isPrivate()) {
            continue;
        }
        $parameters = array_map(
            static fn (ReflectionParameter $one): string => trim(
                ($one->getAttributes() === [] ? '' : '#[' . $one->getAttributes()[0]->getName() . '] ')
                    . $one->getType() . ' $' . $one->getName() . ($one->isOptional() ? ' = []' : '')
            ),
            $method->getParameters()
        );
        $lines[] = "  $name::{$method->getName()}(" . implode(', ', $parameters) . '): ' . $method->getReturnType() . "\n";
    }
}
sort($lines);
echo implode('', $lines);
