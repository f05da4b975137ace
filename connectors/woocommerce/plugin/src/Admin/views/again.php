<?php

/** @var array<string, mixed> $view */

defined('ABSPATH') || exit;

if (!$view['isConnected']) {
    return;
}
?>
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
