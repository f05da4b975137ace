<?php

/** @var array<string, mixed> $view */

use Upline\WooCommerce\Capture\Directory;
use Upline\WooCommerce\Capture\OrderReferral;

defined('ABSPATH') || exit;

$uplineTouches = array_intersect_key($view['evidence'], ['first' => 1, 'last' => 1]);
$uplineTitles = ['first' => __('First link', 'upline-woocommerce'), 'last' => __('Last link', 'upline-woocommerce')];
$uplineSaid = $view['credited'];
$uplineCredited = '';
$uplineDiffers = false;
if ($uplineSaid !== null) {
    $uplineWho = $uplineSaid['name'] === '' ? $uplineSaid['code'] : $uplineSaid['name'] . ' (' . $uplineSaid['code'] . ')';
    $uplineDiffers = $uplineSaid['state'] === 'credited' && mb_strtolower($uplineSaid['code']) !== mb_strtolower($view['code']);
    $uplineTexts = [
        /* translators: %s: name and code of a distributor */
        'credited' => sprintf(__('The hub pays %s.', 'upline-woocommerce'), $uplineWho),
        'nobody' => __('The hub pays nobody for this order.', 'upline-woocommerce'),
        'unresolved' => __('The hub pays nobody yet: somebody there has to decide.', 'upline-woocommerce'),
        'pending' => __('The hub has not heard of this order yet.', 'upline-woocommerce'),
    ];
    $uplineCredited = trim(($uplineTexts[$uplineSaid['state']] ?? '') . ' ' . $uplineSaid['reason']);
}
?>
<div class="upline-order">
    <?php wp_nonce_field($view['nonce'], $view['nonce'], false); ?>
    <?php if ($view['code'] === '') : ?>
        <p>
            <?php if ($view['nobody'] === OrderReferral::BY_BUYER) : ?>
                <?php esc_html_e('Nobody: the buyer left "Who referred you?" empty.', 'upline-woocommerce'); ?>
            <?php elseif ($view['nobody'] === OrderReferral::BY_SHOP) : ?>
                <?php esc_html_e('Nobody: cleared by the shop.', 'upline-woocommerce'); ?>
            <?php else : ?>
                <?php esc_html_e('This order names no distributor.', 'upline-woocommerce'); ?>
            <?php endif; ?>
        </p>
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
        <?php if ($view['state'] === Directory::UNKNOWN) : ?>
            <p class="upline-bad"><?php esc_html_e('Nobody has this code: it pays no one. Correct it below.', 'upline-woocommerce'); ?></p>
        <?php endif; ?>
    <?php endif; ?>
    <?php if ($uplineCredited !== '') : ?>
        <p class="<?php echo $uplineDiffers ? 'upline-bad' : 'description'; ?>"><?php echo esc_html($uplineCredited); ?></p>
    <?php elseif ($view['nobody'] === OrderReferral::BY_SHOP) : ?>
        <p class="description">
            <?php esc_html_e(
                'This hub cannot be asked whom it pays. If it still pays somebody, it is cleared there:',
                'upline-woocommerce'
            ); ?>
            <code>POST /api/orders/{order_id}/attribution</code>
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
            <?php esc_html_e('Takes effect when you update the order; the hub is told. Empty means: nobody is paid.', 'upline-woocommerce'); ?>
        </p>
    </details>
</div>
