<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Domain\Candidates;
use Upline\WooCommerce\Domain\ReferralCode;
use Upline\WooCommerce\Settings;
use WC_Order;

/** Collects what names a distributor at a checkout: the buyer's word, coupons, the link. */
final class Evidence
{
    /** @var Settings */
    private $settings;
    /** @var ReferralCookie */
    private $cookie;
    /** @var Coupons */
    private $coupons;
    /** @var OrderReferral */
    private $referral;
    /** @var Directory */
    private $directory;
    /** @var Store */
    private $store;

    public function __construct(
        Settings $settings,
        ReferralCookie $cookie,
        Coupons $coupons,
        OrderReferral $referral,
        Directory $directory,
        Store $store
    ) {
        $this->store = $store;
        $this->settings = $settings;
        $this->cookie = $cookie;
        $this->coupons = $coupons;
        $this->referral = $referral;
        $this->directory = $directory;
    }

    /** The code of the link that counts. */
    public function linkedCode(): ?string
    {
        $winner = $this->cookie->winner();

        return $winner === null ? null : $winner['code'];
    }

    /**
     * @param string|null $typed what the buyer left in the field; null where there was none. An empty field is the buyer's
     *                           word too: no link counts then, wherever it is written down.
     */
    public function writeTo(WC_Order $order, ?string $typed): void
    {
        $candidates = new Candidates($this->store->evidenceOrder());
        $touches = $typed === '' ? null : $this->cookie->touches();
        if ($touches !== null) {
            $counts = $touches->winner($this->settings->touch());
            foreach ([$counts, $touches->last, $touches->first] as $touch) {
                if ($touch !== null) {
                    $candidates->add($touch['via'], $touch['code']);
                }
            }
        }
        $candidates->add('checkout-field', $typed);
        $this->coupons->addTo($candidates, $order->get_coupon_codes());
        $this->referral->write($order, $candidates, $touches);
        if ($typed === '') {
            $this->referral->writeNobody($order, OrderReferral::BY_BUYER);
        }
    }

    /**
     * What is wrong with the buyer's word, for the buyer; null where nothing is. The checkout's script has asked the hub
     * while the code was typed; without a script it is asked here, once and for two seconds at most.
     */
    public function problem(?string $typed): ?string
    {
        if ($typed === null) {
            return null;
        }
        if ($typed === '') {
            return $this->settings->field() === 'required'
                ? __('Please tell us who referred you.', 'upline-woocommerce')
                : null;
        }
        $code = ReferralCode::parse($typed);
        if ($code === null || $this->directory->check($code)['state'] === Directory::UNKNOWN) {
            $text = $this->settings->field() === 'required'
                /* translators: %s: referral code */
                ? __('We do not know the referral code "%s". Check its spelling.', 'upline-woocommerce')
                /* translators: %s: referral code */
                : __('We do not know the referral code "%s". Check its spelling, or leave the field empty.', 'upline-woocommerce');

            return sprintf($text, $typed);
        }

        return null;
    }
}
