<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/Signature.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

use InvalidArgumentException;

/** Signs a delivery after Standard Webhooks: HMAC-SHA256 over "{id}.{timestamp}.{body}". */
class Signature
{
    private const PREFIX = 'whsec_';

    /**
     * @return array<string, string> the three headers of a signed delivery
     */
    public static function headers(string $secret, string $id, int $timestamp, string $body): array
    {
        $mac = hash_hmac('sha256', $id . '.' . $timestamp . '.' . $body, self::key($secret), true);

        return [
            'webhook-id' => $id,
            'webhook-timestamp' => (string) $timestamp,
            'webhook-signature' => 'v1,' . base64_encode($mac),
        ];
    }

    /** The raw key inside "whsec_<base64>". */
    private static function key(string $secret): string
    {
        if (strncmp($secret, self::PREFIX, strlen(self::PREFIX)) !== 0) {
            throw new InvalidArgumentException('The secret does not begin with whsec_.');
        }
        $key = base64_decode(substr($secret, strlen(self::PREFIX)), true);
        if ($key === false || $key === '') {
            throw new InvalidArgumentException('The secret is not base64.');
        }

        return $key;
    }
}
