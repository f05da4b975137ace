<?php

declare(strict_types=1);

// Upline\WooCommerce\Sync\Outbox lives in Sync/Outbox.php beside this file.
spl_autoload_register(static function (string $class): void {
    $prefix = 'Upline\\WooCommerce\\';
    if (strncmp($class, $prefix, strlen($prefix)) !== 0) {
        return;
    }
    $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    if (is_file($file)) {
        require $file;
    }
});
