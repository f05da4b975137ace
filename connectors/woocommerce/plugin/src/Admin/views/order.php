<?php

/** @var array<string, mixed> $view */

use Upline\WooCommerce\Capture\OrderReferral;

defined('ABSPATH') || exit;

$uplineTouches = array_intersect_key($view['evidence'], ['first' => 1, 'last' => 1]);
$uplineTitles = ['first' => __('First link', 'upline-woocommerce'), 'last' => __('Last link', 'upline-woocommerce')];
?>
<div class="upline-order">
    <?php wp_nonce_field($view['nonce'], $view['nonce'], false); ?>
    <?php if ($view['code'] === '') : ?>
        <p><?php esc_html_e('No distributor is credited with this order.', 'upline-woocommerce'); ?></p>
    <?php else : ?>
        <p>
            <strong><?php echo esc_html($view['label']); ?></strong>
            <?php if ($view['label'] !== $view['code']) : ?>
                (<?php echo esc_html($view['code']); ?>)
            <?php endif; ?>
            <?php if ($view['via'] !== '') : ?>
                <br><span class="description"><?php echo esc_html(OrderReferral::viaLabel($view['via'])); ?></span>
            <?php endif; ?>
        </p>
    <?php endif; ?>
    <?php if ($uplineTouches !== []) : ?>
        <ul class="upline-touches">
            <?php foreach ($uplineTouches as $uplineName => $uplineTouch) : ?>
                <li>
                    <?php echo esc_html($uplineTitles[$uplineName] . ': ' . ($uplineTouch['code'] ?? '')); ?><br>
                    <span class="description">
                        <?php
                        $uplineAt = (int) strtotime((string) ($uplineTouch['at'] ?? ''));
                        echo esc_html(wp_date(get_option('date_format') . ' ' . get_option('time_format'), $uplineAt) . ' ');
                        echo esc_html((string) ($uplineTouch['path'] ?? ''));
                        ?>
                    </span>
                </li>
            <?php endforeach; ?>
        </ul>
    <?php endif; ?>
    <details>
        <summary><?php esc_html_e('Set or correct', 'upline-woocommerce'); ?></summary>
        <p>
            <label for="upline-ref-code"><?php esc_html_e('Referral code', 'upline-woocommerce'); ?></label>
            <input type="text" id="upline-ref-code" name="upline_ref_code" class="widefat" value="<?php echo esc_attr($view['code']); ?>">
        </p>
        <p>
            <label for="upline-ref-reason"><?php esc_html_e('Reason, for the audit note', 'upline-woocommerce'); ?></label>
            <input type="text" id="upline-ref-reason" name="upline_ref_reason" class="widefat" value="">
        </p>
        <p class="description">
            <?php esc_html_e('Takes effect when you update the order. The hub moves the commission and keeps a record.', 'upline-woocommerce'); ?>
        </p>
    </details>
</div>
