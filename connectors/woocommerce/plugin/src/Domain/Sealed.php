<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Domain;

/** Keeps secrets encrypted where the shop's owner has set a key; XSalsa20-Poly1305, the key derived from UPLINE_KEY. */
final class Sealed
{
    private const MARK = 'sealed:v1:';

    public static function isSealed(string $stored): bool
    {
        return strncmp($stored, self::MARK, strlen(self::MARK)) === 0;
    }

    public static function seal(string $plain, string $passphrase): string
    {
        $nonce = random_bytes(SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);

        return self::MARK . base64_encode($nonce . sodium_crypto_secretbox($plain, $nonce, self::key($passphrase)));
    }

    /** Null where the text was sealed with another key or has been changed. */
    public static function open(string $stored, string $passphrase): ?string
    {
        $raw = base64_decode(substr($stored, strlen(self::MARK)), true);
        if (!self::isSealed($stored) || $raw === false || strlen($raw) <= SODIUM_CRYPTO_SECRETBOX_NONCEBYTES) {
            return null;
        }
        $nonce = substr($raw, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        $plain = sodium_crypto_secretbox_open(substr($raw, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES), $nonce, self::key($passphrase));

        return $plain === false ? null : $plain;
    }

    private static function key(string $passphrase): string
    {
        return hash_hkdf('sha256', $passphrase, SODIUM_CRYPTO_SECRETBOX_KEYBYTES, 'upline secrets of a store');
    }
}
