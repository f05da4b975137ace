<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Domain\Candidates;
use Upline\WooCommerce\Domain\ReferralCode;
use Upline\WooCommerce\Guard;
use WC_Coupon;

/** Coupons that belong to a distributor: set on the coupon's own screen, found on the order. */
final class Coupons
{
    /** @var Directory */
    private $directory;

    public function __construct(Directory $directory)
    {
        $this->directory = $directory;
    }

    /** @param array<int, string> $couponCodes */
    public function addTo(Candidates $candidates, array $couponCodes): Candidates
    {
        foreach ($couponCodes as $couponCode) {
            $coupon = new WC_Coupon($couponCode);
            $candidates->add('coupon', (string) $coupon->get_meta(OrderReferral::CODE));
            // A coupon may be called like a referral code: the hub takes it for one then.
            $code = ReferralCode::parse((string) $couponCode);
            if ($code !== null && $this->directory->remembered($code)['state'] === Directory::KNOWN) {
                $candidates->add('coupon', $code);
            }
        }

        return $candidates;
    }

    public function listen(): void
    {
        add_action('woocommerce_coupon_options', Guard::action(static function ($id, $coupon = null): void {
            woocommerce_wp_text_input([
                'id' => OrderReferral::CODE,
                'label' => __('Upline referral code', 'upline-woocommerce'),
                'placeholder' => 'ANNA77',
                'value' => $coupon instanceof WC_Coupon ? (string) $coupon->get_meta(OrderReferral::CODE) : '',
                'desc_tip' => true,
                'description' => __(
                    'Orders that use this coupon name the distributor with this code. WooCommerce > Upline > Referrals shows what counts first.',
                    'upline-woocommerce'
                ),
            ]);
        }), 10, 2);
        // WooCommerce has checked nonce and capability before this action.
        add_action('woocommerce_coupon_options_save', Guard::action(static function ($id, $coupon): void {
            // phpcs:ignore WordPress.Security.NonceVerification
            $typed = sanitize_text_field(wp_unslash($_POST[OrderReferral::CODE] ?? ''));
            $code = ReferralCode::parse($typed);
            if ($typed !== '' && $code === null) {
                /* translators: %s: what was typed */
                \WC_Admin_Meta_Boxes::add_error(sprintf(__('"%s" is not a referral code.', 'upline-woocommerce'), $typed));

                return;
            }
            if ($code === null) {
                $coupon->delete_meta_data(OrderReferral::CODE);
            } else {
                $coupon->update_meta_data(OrderReferral::CODE, $code);
            }
            $coupon->save();
        }), 10, 2);
    }
}
