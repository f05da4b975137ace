<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Domain\Candidates;
use Upline\WooCommerce\Domain\ReferralCode;
use Upline\WooCommerce\Guard;
use WC_Order;
use WP_REST_Request;

/** Orders that no buyer places in a checkout: over REST, by the shop's people, and renewals of subscriptions. */
final class LaterOrders
{
    /** @var OrderReferral */
    private $referral;
    /** @var Coupons */
    private $coupons;

    public function __construct(OrderReferral $referral, Coupons $coupons)
    {
        $this->referral = $referral;
        $this->coupons = $coupons;
    }

    public function listen(): void
    {
        add_filter('woocommerce_rest_pre_insert_shop_order_object', Guard::filter([$this, 'overRest']), 10, 2);
        add_action('woocommerce_order_applied_coupon', Guard::action([$this, 'couponAdded']), 10, 2);
        // WooCommerce Subscriptions copies the order's meta to the subscription and on to each renewal.
        add_filter('wcs_renewal_order_created', Guard::filter([$this, 'renewal']), 10, 2);
        add_action('woocommerce_checkout_subscription_created', Guard::action([$this, 'subscription']), 10, 2);
    }

    /**
     * A code given in meta_data is written as every other code is; what cannot be a code stays as it was sent.
     *
     * @param WC_Order $order
     * @return WC_Order
     */
    public function overRest($order, WP_REST_Request $request)
    {
        $given = $order->get_meta(OrderReferral::CODE);
        $code = is_string($given) ? ReferralCode::parse($given) : null;
        if ($request['meta_data'] === null) {
            return $order;
        }
        if ($code !== null) {
            $via = (string) $order->get_meta(OrderReferral::VIA);
            $this->referral->set($order, $code, $via === '' ? 'admin' : $via);
        } elseif ($order->get_id() > 0 && self::isEmptied($request['meta_data'])) {
            $this->referral->writeNobody($order, OrderReferral::BY_SHOP);
        }

        return $order;
    }

    /** @param mixed $meta */
    private static function isEmptied($meta): bool
    {
        foreach (is_array($meta) ? $meta : [] as $field) {
            if (is_array($field) && ($field['key'] ?? '') === OrderReferral::CODE && in_array($field['value'] ?? null, ['', null], true)) {
                return true;
            }
        }

        return false;
    }

    /** @param \WC_Coupon $coupon */
    public function couponAdded($coupon, WC_Order $order): void
    {
        if (OrderReferral::code($order) !== '') {
            return;
        }
        $best = $this->coupons->addTo(new Candidates(), [$coupon->get_code()])->best();
        if ($best !== null) {
            $this->referral->set($order, $best['code'], 'coupon');
            $order->save_meta_data();
        }
    }

    /**
     * @param WC_Order $renewal
     * @param WC_Order $subscription a WC_Subscription
     * @return WC_Order
     */
    public function renewal($renewal, $subscription)
    {
        $code = OrderReferral::code($renewal);
        if ($code === '') {
            $code = $this->codeBehind($subscription);
        }
        if ($code !== '') {
            $this->referral->set($renewal, $code, 'renewal');
            $renewal->save();
        }

        return $renewal;
    }

    /** @param WC_Order $subscription a WC_Subscription */
    public function subscription($subscription, WC_Order $order): void
    {
        $code = OrderReferral::code($order);
        if ($code !== '' && OrderReferral::code($subscription) === '') {
            $this->referral->set($subscription, $code, (string) $order->get_meta(OrderReferral::VIA));
            $subscription->save();
        }
    }

    /** @param WC_Order $subscription a WC_Subscription, whose parent is the first order */
    private function codeBehind($subscription): string
    {
        $code = OrderReferral::code($subscription);
        $parent = $code === '' ? wc_get_order($subscription->get_parent_id()) : null;

        return $parent instanceof WC_Order ? OrderReferral::code($parent) : $code;
    }
}
