<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/Candidates.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/**
 * Everything that names a distributor at one checkout, and which of it counts. The company decides that in its hub; the shop
 * follows, so that both say the same of an order. The hub gets all of them.
 */
class Candidates
{
    /** The hub's own order where the company has set none; best first, in the hub's words. */
    public const DEFAULT_ORDER = ['manual', 'discount-code', 'checkout-field', 'cart-attribute', 'line-property', 'landing-site'];
    /** What the hub calls the ways by which a code comes to an order here. */
    public const SOURCES = [
        'admin' => 'manual',
        'coupon' => 'discount-code',
        'checkout-field' => 'checkout-field',
        'path' => 'cart-attribute',
        'cookie' => 'cart-attribute',
        'renewal' => 'cart-attribute',
    ];

    /** @var array<string, int> */
    private $ranks;
    /** @var array<int, array{via: string, code: string}> */
    private $all = [];

    /** @param array<int, string> $order sources as the hub ranks them, best first; what is not among them does not count */
    public function __construct(array $order = self::DEFAULT_ORDER)
    {
        $this->ranks = array_flip(array_values(array_unique($order)));
    }

    public function add(string $via, ?string $typed): self
    {
        $code = $typed === null ? null : ReferralCode::parse($typed);
        $candidate = ['via' => $via, 'code' => (string) $code];
        if ($code !== null && isset($this->ranks[self::SOURCES[$via] ?? '']) && !in_array($candidate, $this->all, true)) {
            $this->all[] = $candidate;
        }

        return $this;
    }

    /**
     * The best that is not known to lead nowhere, as the hub decides too; the best of all where none leads anywhere.
     *
     * @param callable(string): bool|null $isUnknown whether nobody has this code
     * @return array{via: string, code: string}|null
     */
    public function best(?callable $isUnknown = null): ?array
    {
        $ranked = $this->ranked();
        foreach ($isUnknown === null ? [] : $ranked as $candidate) {
            if (!$isUnknown($candidate['code'])) {
                return $candidate;
            }
        }

        return $ranked[0] ?? null;
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
            if (self::SOURCES[$candidate['via']] === 'cart-attribute') {
                $linked[$candidate['code']] = true;
            }
        }
        $own = array_values(array_filter($this->all, static function (array $candidate) use ($linked): bool {
            return $candidate['via'] !== 'checkout-field' || !isset($linked[$candidate['code']]);
        }));
        // Stable for equals also before PHP 8.
        $order = array_keys($own);
        usort($order, function (int $a, int $b) use ($own): int {
            return [$this->rank($own[$a]), $a] <=> [$this->rank($own[$b]), $b];
        });

        return array_map(static function (int $index) use ($own): array {
            return $own[$index];
        }, $order);
    }

    /** @param array{via: string, code: string} $candidate */
    private function rank(array $candidate): int
    {
        return $this->ranks[self::SOURCES[$candidate['via']]];
    }
}
