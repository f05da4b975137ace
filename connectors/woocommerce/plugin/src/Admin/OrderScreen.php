<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Admin;

use Automattic\WooCommerce\Utilities\OrderUtil;
use Upline\WooCommerce\Capture\Directory;
use Upline\WooCommerce\Capture\OrderReferral;
use Upline\WooCommerce\Domain\ReferralCode;
use Upline\WooCommerce\Guard;
use WC_Order;
use WP_Post;

/** The referral on the order's own screen: what it is, where it came from, and how to correct it. */
final class OrderScreen
{
    private const NONCE = 'upline_order_referral';

    /** @var OrderReferral */
    private $referral;
    /** @var Directory */
    private $directory;

    public function __construct(OrderReferral $referral, Directory $directory)
    {
        $this->referral = $referral;
        $this->directory = $directory;
    }

    public function listen(): void
    {
        add_action('add_meta_boxes', Guard::action(function (): void {
            $screens = array_unique(['shop_order', OrderUtil::get_order_admin_screen()]);
            foreach ($screens as $screen) {
                add_meta_box(
                    'upline-referral',
                    __('Upline referral', 'upline-woocommerce'),
                    Guard::action([$this, 'show']),
                    $screen,
                    'side',
                    'default'
                );
            }
        }));
        add_action('woocommerce_process_shop_order_meta', Guard::action([$this, 'save']), 60);
    }

    /** @param WP_Post|WC_Order $shown */
    public function show($shown): void
    {
        $order = $shown instanceof WC_Order ? $shown : wc_get_order($shown->ID);
        if ($order instanceof WC_Order) {
            wp_enqueue_style('upline-admin');
            $code = OrderReferral::code($order);
            if ($code !== '') {
                $this->directory->lookUp($code);
            }
            Screen::view('order', [
                'code' => $code,
                'label' => OrderReferral::label($order),
                'state' => $this->referral->state($order),
                'nobody' => (string) $order->get_meta(OrderReferral::NOBODY),
                'credited' => $order->get_id() > 0 ? $this->directory->credited($order->get_id()) : null,
                'via' => (string) $order->get_meta(OrderReferral::VIA),
                'evidence' => json_decode((string) $order->get_meta(OrderReferral::TOUCH), true) ?: [],
                'nonce' => self::NONCE,
            ]);
        }
    }

    /** @param int|string $id */
    public function save($id): void
    {
        $nonce = sanitize_text_field(wp_unslash((string) ($_POST[self::NONCE] ?? '')));
        $order = wc_get_order((int) $id);
        if (!$order instanceof WC_Order || !wp_verify_nonce($nonce, self::NONCE) || !current_user_can('edit_shop_orders')) {
            return;
        }
        $typed = sanitize_text_field(wp_unslash((string) ($_POST['upline_ref_code'] ?? '')));
        $reason = sanitize_text_field(wp_unslash((string) ($_POST['upline_ref_reason'] ?? '')));
        $before = OrderReferral::code($order);
        if (strtoupper($typed) === strtoupper($before)) {
            return;
        }
        $problem = $this->problem($typed, $reason);
        if ($problem !== '') {
            \WC_Admin_Meta_Boxes::add_error($problem);

            return;
        }
        $this->correct($order, $before, (string) ReferralCode::parse($typed), $reason);
    }

    private function problem(string $typed, string $reason): string
    {
        if ($typed !== '' && ReferralCode::parse($typed) === null) {
            /* translators: %s: what was typed */
            return sprintf(__('"%s" is not a referral code; the order keeps the one it had.', 'upline-woocommerce'), $typed);
        }
        if ($typed !== '' && $this->directory->lookUp((string) ReferralCode::parse($typed))['state'] === Directory::UNKNOWN) {
            /* translators: %s: referral code */
            return sprintf(__('Nobody has the referral code "%s"; the order keeps the one it had.', 'upline-woocommerce'), $typed);
        }
        if ($reason === '') {
            return __('The referral code was not changed: say why, for the audit note.', 'upline-woocommerce');
        }

        return '';
    }

    private function correct(WC_Order $order, string $before, string $after, string $reason): void
    {
        if ($after === '') {
            $this->referral->writeNobody($order, OrderReferral::BY_SHOP);
        } else {
            $this->referral->set($order, $after, 'admin');
        }
        $none = __('none', 'upline-woocommerce');
        $order->add_order_note(sprintf(
            /* translators: 1: code before 2: code after 3: reason */
            __('Upline: referral code changed from %1$s to %2$s. Reason: %3$s', 'upline-woocommerce'),
            $before === '' ? $none : $before,
            $after === '' ? $none : $after,
            $reason
        ), 0, true);
        $order->save();
    }
}
