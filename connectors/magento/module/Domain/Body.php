<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/Body.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

use RuntimeException;

/** The JSON a delivery carries. */
class Body
{
    /**
     * @param array<string, mixed> $data
     * @param float $builtAt unix seconds with fraction: when the shop was read
     */
    public static function build(string $type, array $data, float $builtAt): string
    {
        $json = json_encode(
            ['type' => $type, 'timestamp' => self::instant($builtAt), 'data' => $data],
            JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION | JSON_INVALID_UTF8_SUBSTITUTE
        );
        if ($json === false) {
            throw new RuntimeException('The body cannot be written as JSON: ' . json_last_error_msg());
        }

        return $json;
    }

    /** ISO 8601, UTC, milliseconds. */
    public static function instant(float $at): string
    {
        $milliseconds = (int) floor($at * 1000);

        return gmdate('Y-m-d\TH:i:s', intdiv($milliseconds, 1000)) . sprintf('.%03dZ', $milliseconds % 1000);
    }
}
