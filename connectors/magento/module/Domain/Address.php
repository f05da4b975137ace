<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/Address.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/** A shop's address as what it is known by: host, port and folder. Which protocol it speaks and a leading www. say nothing. */
class Address
{
    /** Null where this is no address. */
    public static function key(string $url): ?string
    {
        $parts = parse_url(trim($url));
        $host = is_array($parts) ? strtolower((string) ($parts['host'] ?? '')) : '';
        if ($host === '') {
            return null;
        }
        $port = $parts['port'] ?? null;
        $isUsual = $port === null || $port === 80 || $port === 443;

        return preg_replace('/^www\./', '', rtrim($host, '.')) . ($isUsual ? '' : ':' . $port) . strtolower(rtrim($parts['path'] ?? '', '/'));
    }

    public static function isSame(string $one, string $other): bool
    {
        return self::key($one) !== null && self::key($one) === self::key($other);
    }
}
