<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Domain\Candidates;
use Upline\WooCommerce\Domain\Touches;
use WC_Order;

/** What an order says about its distributor. Never saves the order: whoever calls does. */
final class OrderReferral
{
    public const CODE = '_upline_ref_code';
    public const TOUCH = '_upline_ref_touch';
    public const VIA = '_upline_ref_via';
    public const NAME = '_upline_ref_name';

    /** @var Directory */
    private $directory;

    public function __construct(Directory $directory)
    {
        $this->directory = $directory;
    }

    public function write(WC_Order $order, Candidates $candidates, ?Touches $touches): void
    {
        $ranked = $candidates->ranked();
        if ($ranked === []) {
            // A draft order of the block checkout may hold what the buyer has taken back since.
            $this->clear($order);

            return;
        }
        $this->set($order, $ranked[0]['code'], $ranked[0]['via']);
        $evidence = $touches === null ? [] : $touches->evidence();
        if (count($ranked) > 1) {
            $evidence['candidates'] = $ranked;
        }
        if ($evidence === []) {
            $order->delete_meta_data(self::TOUCH);
        } else {
            $order->update_meta_data(self::TOUCH, (string) wp_json_encode($evidence, JSON_UNESCAPED_SLASHES));
        }
    }

    public function set(WC_Order $order, string $code, string $via): void
    {
        $order->update_meta_data(self::CODE, $code);
        $order->update_meta_data(self::VIA, $via);
        $known = $this->directory->remembered($code);
        if ($known['name'] !== '') {
            $order->update_meta_data(self::NAME, $known['name']);
        } else {
            $order->delete_meta_data(self::NAME);
        }
    }

    public function clear(WC_Order $order): void
    {
        foreach ([self::CODE, self::VIA, self::TOUCH, self::NAME] as $key) {
            $order->delete_meta_data($key);
        }
    }

    public static function code(WC_Order $order): string
    {
        return (string) $order->get_meta(self::CODE);
    }

    /** The distributor's name where the shop knows it, the code otherwise. */
    public static function label(WC_Order $order): string
    {
        $name = (string) $order->get_meta(self::NAME);

        return $name === '' ? self::code($order) : $name;
    }

    /** How the code came to the order, for people. */
    public static function viaLabel(string $via): string
    {
        $labels = [
            'cookie' => __('referral link', 'upline-woocommerce'),
            'path' => __('short referral link', 'upline-woocommerce'),
            'coupon' => __('coupon', 'upline-woocommerce'),
            'checkout-field' => __('named by the buyer', 'upline-woocommerce'),
            'admin' => __('set by the shop', 'upline-woocommerce'),
            'renewal' => __('subscription renewal', 'upline-woocommerce'),
        ];

        return $labels[$via] ?? $via;
    }
}
