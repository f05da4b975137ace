<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Domain;

/**
 * Everything that names a distributor at one checkout, and which of it counts: the buyer's own word before
 * the coupon, the coupon before the link. The hub gets all of them and may rank them otherwise.
 */
final class Candidates
{
    private const RANKS = ['checkout-field' => 0, 'coupon' => 1, 'path' => 2, 'cookie' => 2, 'renewal' => 3];

    /** @var array<int, array{via: string, code: string}> */
    private $all = [];

    public function add(string $via, ?string $typed): self
    {
        $code = $typed === null ? null : ReferralCode::parse($typed);
        if ($code !== null && isset(self::RANKS[$via])) {
            $this->all[] = ['via' => $via, 'code' => $code];
        }

        return $this;
    }

    /** @return array{via: string, code: string}|null */
    public function best(): ?array
    {
        return $this->ranked()[0] ?? null;
    }

    /**
     * Best first. A field that repeats what the link already said is no evidence of its own.
     *
     * @return array<int, array{via: string, code: string}>
     */
    public function ranked(): array
    {
        $linked = [];
        foreach ($this->all as $candidate) {
            if (self::RANKS[$candidate['via']] >= self::RANKS['cookie']) {
                $linked[$candidate['code']] = true;
            }
        }
        $own = array_values(array_filter($this->all, static function (array $candidate) use ($linked): bool {
            return $candidate['via'] !== 'checkout-field' || !isset($linked[$candidate['code']]);
        }));
        // Stable for equals also before PHP 8.
        $order = array_keys($own);
        usort($order, static function (int $a, int $b) use ($own): int {
            return [self::RANKS[$own[$a]['via']], $a] <=> [self::RANKS[$own[$b]['via']], $b];
        });

        return array_map(static function (int $at) use ($own): array {
            return $own[$at];
        }, $order);
    }
}
