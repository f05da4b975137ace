<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/Visitor.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/**
 * Whom to count a question for. Behind a proxy all visitors come from one address, and what it says of the true one can be
 * made up by whoever comes around it: so the claimed visitor has the narrow limit and the proxy as a whole a generous one.
 */
class Visitor
{
    public const QUESTIONS_A_MINUTE = 20;
    public const QUESTIONS_A_MINUTE_OF_A_PROXY = 600;

    /**
     * @param array<string, mixed> $server as PHP has it
     * @param string               $told   the visitor's address as the host has told it; empty where it has not
     * @return array<string, int> limits a minute by whom they are for; all of them must allow the question
     */
    public static function limits(array $server, string $told): array
    {
        if (filter_var($told, FILTER_VALIDATE_IP) !== false) {
            return [$told => self::QUESTIONS_A_MINUTE];
        }
        $peer = self::text($server, 'REMOTE_ADDR');
        $claimed = self::claimed($server);
        if ($claimed === null) {
            $limit = self::isOutside($peer) ? self::QUESTIONS_A_MINUTE : self::QUESTIONS_A_MINUTE_OF_A_PROXY;

            return [$peer => $limit];
        }

        return [$peer . ' for ' . $claimed => self::QUESTIONS_A_MINUTE, $peer => self::QUESTIONS_A_MINUTE_OF_A_PROXY];
    }

    /**
     * The last address in the list is the one that the nearest proxy has seen itself.
     *
     * @param array<string, mixed> $server
     */
    private static function claimed(array $server): ?string
    {
        foreach (['HTTP_CF_CONNECTING_IP', 'HTTP_X_REAL_IP', 'HTTP_X_FORWARDED_FOR'] as $header) {
            $listed = array_map('trim', explode(',', self::text($server, $header)));
            foreach (array_reverse($listed) as $address) {
                if (self::isOutside($address)) {
                    return $address;
                }
            }
        }

        return null;
    }

    private static function isOutside(string $address): bool
    {
        return filter_var($address, FILTER_VALIDATE_IP, FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE) !== false;
    }

    /** @param array<string, mixed> $server */
    private static function text(array $server, string $name): string
    {
        return is_string($server[$name] ?? null) ? $server[$name] : '';
    }
}
