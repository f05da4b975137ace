<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Domain\Candidates;
use Upline\WooCommerce\Domain\Touches;
use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Settings;
use WC_Order;

/** What an order says about its distributor. Never saves the order: whoever calls does. */
final class OrderReferral
{
    public const CODE = '_upline_ref_code';
    public const TOUCH = '_upline_ref_touch';
    public const VIA = '_upline_ref_via';
    public const NAME = '_upline_ref_name';
    /** Somebody has said that nobody is paid for this order; who says so is its value. */
    public const NOBODY = '_upline_ref_nobody';
    public const BY_BUYER = 'buyer';
    public const BY_SHOP = 'shop';
    /** Where WooCommerce itself keeps the page the visitor landed on, parameters included. */
    private const LANDING = '_wc_order_attribution_session_entry';

    /** @var Directory */
    private $directory;

    /** @var Settings */
    private $settings;

    public function __construct(Directory $directory, Settings $settings)
    {
        $this->directory = $directory;
        $this->settings = $settings;
    }

    public function listen(): void
    {
        // After WooCommerce has written where the visitor came from.
        add_action('woocommerce_order_save_attribution_data', Guard::action(function ($order): void {
            if ($order instanceof WC_Order && $order->get_meta(self::NOBODY) !== '' && $this->stripLanding($order)) {
                $order->save_meta_data();
            }
        }), 20);
    }

    public function write(WC_Order $order, Candidates $candidates, ?Touches $touches): void
    {
        $ranked = $candidates->ranked();
        $best = $candidates->best(function (string $code): bool {
            return $this->directory->remembered($code)['state'] === Directory::UNKNOWN;
        });
        if ($best === null) {
            // A draft order of the block checkout may hold what the buyer has taken back since.
            $this->clear($order);

            return;
        }
        $this->set($order, $best['code'], $best['via']);
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
        $order->delete_meta_data(self::NOBODY);
        $this->writeName($order, $code);
    }

    /** The name is on the order where the hub knows the code, and only there: it is what a buyer is shown. */
    private function writeName(WC_Order $order, string $code): void
    {
        $known = $this->directory->remembered($code);
        if ($known['state'] === Directory::KNOWN) {
            $order->update_meta_data(self::NAME, $known['name'] === '' ? $code : $known['name']);
        } else {
            $order->delete_meta_data(self::NAME);
        }
    }

    /**
     * Nobody is paid by a link: the buyer has emptied the field, or the shop's people have cleared the code.
     *
     * @param string $by BY_BUYER or BY_SHOP
     */
    public function writeNobody(WC_Order $order, string $by): void
    {
        if ($by === self::BY_SHOP) {
            $this->clear($order);
        }
        $order->update_meta_data(self::NOBODY, $by);
        $this->stripLanding($order);
    }

    /** WooCommerce's own note of the landing page must not name whom nobody wants to be paid. */
    private function stripLanding(WC_Order $order): bool
    {
        $page = (string) $order->get_meta(self::LANDING);
        $stripped = remove_query_arg(array_unique([$this->settings->parameter(), 'ref']), $page);
        if ($page === '' || $stripped === $page) {
            return false;
        }
        $order->update_meta_data(self::LANDING, $stripped);

        return true;
    }

    /** Whether the hub knows the order's code, as far as the shop remembers: Directory::KNOWN, UNKNOWN or UNASKED. */
    public function state(WC_Order $order): string
    {
        $code = self::code($order);
        if ($code === '') {
            return Directory::UNASKED;
        }
        $state = $this->directory->remembered($code)['state'];

        return $state === Directory::UNASKED && $order->get_meta(self::NAME) !== '' ? Directory::KNOWN : $state;
    }

    public function clear(WC_Order $order): void
    {
        foreach ([self::CODE, self::VIA, self::TOUCH, self::NAME, self::NOBODY] as $key) {
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
