<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/Touches.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/**
 * The first and the last referral link a visitor came by, as kept in the cookie.
 *
 * Cookie: JSON {"f":[code, unix seconds, landing path, via],"l":[…]}; the storefront script reads and
 * writes the same form. A touch is ['code' => string, 'at' => int, 'path' => string, 'via' => 'cookie'|'path'].
 */
class Touches
{
    private const LONGEST_PATH = 120;
    private const LONGEST_COOKIE = 1000;
    /** A redirect and the page it leads to are one visit. */
    private const SAME_VISIT_SECONDS = 60;

    /** @var array{code: string, at: int, path: string, via: string}|null */
    public $first;
    /** @var array{code: string, at: int, path: string, via: string}|null */
    public $last;

    /**
     * @param array{code: string, at: int, path: string, via: string}|null $first
     * @param array{code: string, at: int, path: string, via: string}|null $last
     */
    private function __construct(?array $first, ?array $last)
    {
        $this->first = $first;
        $this->last = $last;
    }

    /** Reads a cookie leniently: what is malformed, in the future or older than the window is not there. */
    public static function decode(string $cookie, int $now, int $windowSeconds): self
    {
        $json = strlen($cookie) > self::LONGEST_COOKIE ? null : json_decode($cookie, true);
        if (!is_array($json)) {
            return new self(null, null);
        }
        $first = self::touch($json['f'] ?? null, $now, $windowSeconds);
        $last = self::touch($json['l'] ?? null, $now, $windowSeconds);

        return new self($first ?? $last, $last ?? $first);
    }

    public function encode(): string
    {
        $short = static function (?array $touch): ?array {
            return $touch === null ? null : [$touch['code'], $touch['at'], $touch['path'], $touch['via']];
        };

        return (string) json_encode(['f' => $short($this->first), 'l' => $short($this->last)], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    }

    /** The touches after one more visit by a referral link. */
    public function add(string $code, int $at, string $path, string $via): self
    {
        $last = $this->last;
        if ($last !== null && $last['code'] === $code && $at - $last['at'] < self::SAME_VISIT_SECONDS) {
            return $this;
        }
        $touch = ['code' => $code, 'at' => $at, 'path' => substr($path, 0, self::LONGEST_PATH), 'via' => $via];

        return new self($this->first ?? $touch, $touch);
    }

    /**
     * @param string $which "first" or "last"
     * @return array{code: string, at: int, path: string, via: string}|null
     */
    public function winner(string $which): ?array
    {
        return $which === 'first' ? $this->first : $this->last;
    }

    /**
     * What the order keeps as evidence.
     *
     * @return array<string, array{code: string, at: string, path: string}>
     */
    public function evidence(): array
    {
        $kept = [];
        foreach (['first' => $this->first, 'last' => $this->last] as $name => $touch) {
            if ($touch !== null) {
                $kept[$name] = [
                    'code' => $touch['code'],
                    'at' => gmdate('Y-m-d\TH:i:s\Z', $touch['at']),
                    'path' => $touch['path'],
                ];
            }
        }

        return $kept;
    }

    /**
     * @param mixed $raw
     * @return array{code: string, at: int, path: string, via: string}|null
     */
    private static function touch($raw, int $now, int $windowSeconds): ?array
    {
        if (!is_array($raw) || !is_string($raw[0] ?? null) || !is_int($raw[1] ?? null)) {
            return null;
        }
        $code = ReferralCode::parse($raw[0]);
        // A visitor's clock may be a little ahead of ours.
        if ($code === null || $raw[1] > $now + 86400 || $raw[1] < $now - $windowSeconds) {
            return null;
        }
        $path = is_string($raw[2] ?? null) && strncmp($raw[2], '/', 1) === 0 ? $raw[2] : '/';

        return [
            'code' => $code,
            'at' => $raw[1],
            'path' => substr($path, 0, self::LONGEST_PATH),
            'via' => ($raw[3] ?? '') === 'path' ? 'path' : 'cookie',
        ];
    }
}
