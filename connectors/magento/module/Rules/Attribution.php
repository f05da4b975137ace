<?php

declare(strict_types=1);

namespace Upline\Connector\Rules;

use Upline\Connector\Domain\Candidates;
use Upline\Connector\Domain\Touches;

/** What an order says about its distributor, as the columns that keep it. */
class Attribution
{
    public const CODE = 'upline_ref_code';
    public const VIA = 'upline_ref_via';
    public const NAME = 'upline_ref_name';
    public const TOUCH = 'upline_ref_touch';
    /** Somebody has said that nobody is paid for this order; who says so is its value. */
    public const NOBODY = 'upline_ref_nobody';
    public const BY_BUYER = 'buyer';
    public const BY_SHOP = 'shop';
    public const COLUMNS = [self::CODE, self::VIA, self::NAME, self::TOUCH, self::NOBODY];
    /** On a cart only: the links the visitor came by, and what the buyer has filled in. */
    public const VISIT = 'upline_ref_visit';
    public const TYPED = 'upline_ref_typed';
    /** How an emptied field is kept: Magento saves an empty text as none. No code looks like it, as every code has a letter or digit. */
    private const EMPTIED = '-';

    /**
     * @param array<int, string>       $evidenceOrder sources as the hub ranks them
     * @param Touches|null             $touches       the links the visitor came by
     * @param string                   $which         "first" or "last": which of them counts
     * @param string|null              $typed         what the buyer left in the field; null where there was none. An empty
     *                                                field is the buyer's word too: no link counts then.
     * @param array<int, string>       $coupons       codes that the order's coupons stand for
     * @param callable(string): bool   $isUnknown     whether nobody is known to have this code
     * @param callable(string): string $nameOf        the distributor's name where the hub has said it, else empty
     * @return array<string, string|null> a value for each of COLUMNS
     */
    public static function columns(
        array $evidenceOrder,
        ?Touches $touches,
        string $which,
        ?string $typed,
        array $coupons,
        callable $isUnknown,
        callable $nameOf
    ): array {
        $candidates = new Candidates($evidenceOrder);
        $touches = $typed === '' ? null : $touches;
        if ($touches !== null) {
            foreach ([$touches->winner($which), $touches->last, $touches->first] as $touch) {
                if ($touch !== null) {
                    $candidates->add($touch['via'], $touch['code']);
                }
            }
        }
        $candidates->add('checkout-field', $typed);
        foreach ($coupons as $code) {
            $candidates->add('coupon', $code);
        }
        $columns = array_fill_keys(self::COLUMNS, null);
        $columns[self::NOBODY] = $typed === '' ? self::BY_BUYER : null;
        $best = $candidates->best($isUnknown);
        if ($best === null) {
            return $columns;
        }
        $name = $nameOf($best['code']);
        $ranked = $candidates->ranked();
        $evidence = $touches === null ? [] : $touches->evidence();
        if (count($ranked) > 1) {
            $evidence['candidates'] = $ranked;
        }

        return [
            self::CODE => $best['code'],
            self::VIA => $best['via'],
            self::NAME => $name === '' ? null : $name,
            self::TOUCH => $evidence === []
                ? null
                : (string) json_encode($evidence, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE),
            self::NOBODY => $columns[self::NOBODY],
        ];
    }

    /** What the buyer has filled in, as the cart keeps it. */
    public static function kept(string $typed): string
    {
        return $typed === '' ? self::EMPTIED : $typed;
    }

    /** The same read back: null where there was no field, empty where it was emptied. */
    public static function typed(?string $kept): ?string
    {
        return $kept === null || $kept === '' ? null : ($kept === self::EMPTIED ? '' : $kept);
    }

    /** How the code came to the order, in words to be translated. */
    public static function viaLabel(string $via): string
    {
        return [
            'cookie' => 'referral link',
            'path' => 'short referral link',
            'coupon' => 'coupon',
            'checkout-field' => 'named by the buyer',
            'admin' => 'set by the shop',
            'renewal' => 'subscription renewal',
        ][$via] ?? $via;
    }
}
