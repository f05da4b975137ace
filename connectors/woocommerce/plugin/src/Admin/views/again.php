<?php

/** @var array<string, mixed> $view */

defined('ABSPATH') || exit;

if (!$view['isConnected']) {
    return;
}
$uplineSlept = Upline\WooCommerce\Sync\Backfill::slept();
$uplineTime = static function (int $time): string {
    return (string) wp_date(get_option('date_format') . ' ' . get_option('time_format'), $time);
};
?>
<?php if ($uplineSlept !== null) : ?>
    <div class="upline-card upline-card-warning">
        <h2><?php esc_html_e('The plugin was off', 'upline-woocommerce'); ?></h2>
        <p>
            <?php
            echo esc_html(sprintf(
                /* translators: 1: date and time 2: date and time */
                __('From %1$s to %2$s nothing was noted. Orders that changed in that time are being sent.', 'upline-woocommerce'),
                $uplineTime((int) $uplineSlept['from']),
                $uplineTime((int) $uplineSlept['until'])
            ));
            ?>
            <?php esc_html_e('Orders and refunds that were deleted then are found by the hub only, if it may read this shop.', 'upline-woocommerce'); ?>
        </p>
    </div>
<?php endif; ?>
<div class="upline-card">
    <h2><?php esc_html_e('Send orders again', 'upline-woocommerce'); ?></h2>
    <p>
        <?php esc_html_e(
            'For orders from before the connection, or when in doubt. The hub recognises what it already has: no commission is booked twice.',
            'upline-woocommerce'
        ); ?>
    </p>
    <?php if ($view['isNew']) : ?>
        <p class="upline-bad">
            <?php esc_html_e(
                'The hub has made a new store of this shop. Orders from before this connection stay with the old one and are left out.',
                'upline-woocommerce'
            ); ?>
        </p>
    <?php endif; ?>
    <form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>" data-upline-busy>
        <input type="hidden" name="action" value="upline_backfill">
        <?php wp_nonce_field('upline_backfill'); ?>
        <label>
            <?php esc_html_e('Orders that changed in the last', 'upline-woocommerce'); ?>
            <input type="number" name="days" min="1" max="3650" value="30" class="small-text">
            <?php esc_html_e('days', 'upline-woocommerce'); ?>
        </label>
        <button type="submit" class="button"><?php esc_html_e('Send again', 'upline-woocommerce'); ?></button>
    </form>
</div>
