<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/ConnectionCode.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/** The one-time code the hub shows: "<base64url of the hub's address>.<random>", so that pasting it alone is enough. */
class ConnectionCode
{
    /** The hub's address inside a code, or null where the code holds none. */
    public static function origin(string $code): ?string
    {
        $named = self::named($code);

        return $named === null ? null : self::hubOrigin($named);
    }

    /** What a code says its hub's address is, whether or not it can be used. */
    public static function named(string $code): ?string
    {
        $parts = explode('.', trim($code), 2);
        if (count($parts) !== 2 || $parts[0] === '' || $parts[1] === '') {
            return null;
        }
        $decoded = base64_decode(strtr($parts[0], '-_', '+/'), true);

        return $decoded === false ? null : $decoded;
    }

    /**
     * An address people type, as an origin: "hub.example.com/" becomes "https://hub.example.com". Plain http is
     * only for a hub on the same machine. Null where this is no address of a hub.
     */
    public static function hubOrigin(string $typed): ?string
    {
        $address = trim($typed);
        if ($address === '' || preg_match('/[^\x21-\x7e]/', $address) === 1) {
            return null;
        }
        if (preg_match('#^[a-z][a-z0-9+.-]*://#i', $address) !== 1) {
            $address = 'https://' . $address;
        }
        $host = parse_url($address, PHP_URL_HOST);
        $port = parse_url($address, PHP_URL_PORT);
        $protocol = strtolower((string) parse_url($address, PHP_URL_SCHEME));
        $isPlain = $protocol === 'http' && in_array($host, ['127.0.0.1', 'localhost', '[::1]'], true);
        if (!is_string($host) || $host === '' || !($protocol === 'https' || $isPlain) || parse_url($address, PHP_URL_USER) !== null) {
            return null;
        }

        return $protocol . '://' . strtolower($host) . ($port === null ? '' : ':' . $port);
    }

    /** Why hubOrigin() takes no such address: "plain" for http to another machine, "malformed" otherwise; null where it does. */
    public static function whyNot(string $typed): ?string
    {
        if (self::hubOrigin($typed) !== null) {
            return null;
        }
        $secure = preg_replace('#^http://#i', 'https://', trim($typed));

        return $secure !== trim($typed) && self::hubOrigin((string) $secure) !== null ? 'plain' : 'malformed';
    }
}
