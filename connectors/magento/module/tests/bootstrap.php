<?php

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $prefix = 'Upline\\Connector\\';
    $file = dirname(__DIR__) . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    if (strncmp($class, $prefix, strlen($prefix)) === 0 && is_file($file)) {
        require $file;
    }
});
